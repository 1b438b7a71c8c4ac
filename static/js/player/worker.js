/**
 * The thread that decodes. A worker has no import map, so its first message brings the addresses of what it loads:
 * { ort, wasm, weights }, answered by { }. Each later one is a code, { id, z, depth, price }, answered by { id, pixels }.
 * What fails is answered by { id, error }. Its answers come in the order of the messages.
 * @typedef {{ ort: string, wasm: string, weights: string[] }} Addresses
 * @typedef {{ id: number, z: Float32Array, depth: number, price: number }} Call
 */
const LEAST_NOISE = 3; // of onnxruntime's log: errors alone

/** @type {typeof import("onnxruntime-common")} */
let ort;
/** @type {import("onnxruntime-common").InferenceSession} */
let decoder;

/** @param {Addresses} addresses */
async function load({ ort: module, wasm, weights }) {
  const [runtime, ...halves] = await Promise.all([import(module), ...weights.map(download)]);
  ort = runtime;
  ort.env.wasm.wasmPaths = { wasm };
  ort.env.wasm.numThreads = 1; // more need an isolated page, which may not show pictures from a bucket
  decoder = await ort.InferenceSession.create(joined(halves), { logSeverityLevel: LEAST_NOISE });
  await warmUp();
}

/** Decodes nothing, because the first run takes several times as long as the others. */
async function warmUp() {
  const z = decoder.inputMetadata.find(({ name }) => name === "z");
  if (z?.isTensor) await decode({ z: new Float32Array(Number(z.shape[1])), depth: 1, price: 1 });
}

/** @param {string} address */
async function download(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

/**
 * The file whose even bytes and odd bytes these are: see deploy/player.mjs.
 * @param {Uint8Array[]} halves
 */
function joined([even, odd]) {
  const whole = new Uint8Array(even.length + odd.length);
  for (let at = 0; at < whole.length; at += 1) whole[at] = (at % 2 ? odd : even)[at >> 1];
  return whole;
}

/** @param {Omit<Call, "id">} call */
async function decode({ z, depth, price }) {
  const { y } = await decoder.run({
    z: new ort.Tensor("float32", z, [1, z.length]),
    depth: new ort.Tensor("int64", BigInt64Array.of(BigInt(depth)), [1]),
    price: new ort.Tensor("float32", Float32Array.of(price), [1]),
  });
  return rgba(/** @type {Float32Array} */ (y.data));
}

/**
 * Three planes in [0, 1] → RGBA; a clamped array rounds as numpy does, half to even.
 * @param {Float32Array} y
 */
function rgba(y) {
  const size = y.length / 3;
  const pixels = new Uint8ClampedArray(4 * size).fill(255);
  for (let at = 0; at < size; at += 1) {
    for (let plane = 0; plane < 3; plane += 1) pixels[4 * at + plane] = 255 * y[plane * size + at];
  }
  return pixels;
}

let turn = Promise.resolve();
addEventListener("message", ({ data }) => {
  turn = turn.then(async () => {
    try {
      const pixels = data.z ? await decode(data) : await load(data);
      postMessage({ id: data.id, pixels }, { transfer: pixels ? [pixels.buffer] : [] });
    } catch (error) {
      postMessage({ id: data.id, error: String(error) });
    }
  });
});

// What a browser needs to decode cars and HEIC itself: node deploy/player.mjs [--compress]
// Copies npm's onnxruntime, the decoder's weights and npm's libheif to build/static, which collectstatic finds. --compress keeps
// them as Brotli's smallest in build/compressed, by the SHA-256 of their content: that takes minutes, so make does it
// once, and carsite.static takes what is there.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";

const RUNTIME = "node_modules/onnxruntime-web/dist";
const LIBHEIF = "node_modules/libheif-js/libheif-wasm";
const OUT = "build/static/player";
const HEIC = "build/static/heic";
const COMPRESSED = "build/compressed";
const WORTHWHILE = 0.95; // as WhiteNoise judges gzip

/** Lambda's answers end at 4.4 MB. The even bytes and the odd ones, kept apart, also compress better than the whole. */
function halves(content) {
  const halves = [Buffer.alloc(Math.ceil(content.length / 2)), Buffer.alloc(Math.floor(content.length / 2))];
  content.forEach((byte, at) => { halves[at % 2][at >> 1] = byte; });
  return halves;
}

function compress(content) {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  const path = `${COMPRESSED}/${createHash("sha256").update(content).digest("hex")}.br`;
  if (existsSync(path)) return;
  const compressed = brotliCompressSync(content, { params });
  if (compressed.length < WORTHWHILE * content.length) writeFileSync(path, compressed);
}

if (process.argv.includes("--compress")) {
  mkdirSync(COMPRESSED, { recursive: true });
  for (const folder of [OUT, HEIC]) for (const name of readdirSync(folder)) compress(readFileSync(`${folder}/${name}`));
} else {
  const [even, odd] = halves(readFileSync("ml/weights/decoder.onnx"));
  for (const folder of [OUT, HEIC]) mkdirSync(folder, { recursive: true });
  writeFileSync(`${OUT}/ort.mjs`, readFileSync(`${RUNTIME}/ort.wasm.bundle.min.mjs`));
  writeFileSync(`${OUT}/ort.wasm`, readFileSync(`${RUNTIME}/ort-wasm-simd-threaded.wasm`));
  writeFileSync(`${OUT}/decoder-even.bin`, even);
  writeFileSync(`${OUT}/decoder-odd.bin`, odd);
  writeFileSync(`${HEIC}/libheif.mjs`, readFileSync(`${LIBHEIF}/libheif-bundle.mjs`));
  writeFileSync(`${HEIC}/LICENSE.txt`, readFileSync(`${LIBHEIF}/LICENSE`)); // the LGPL wants it beside the library
}

import { remember } from "address";
import { find } from "find";
import { pad } from "pad";

// The drawing, as in reconstruct/pictures/gaussians.py.
const REACH = 6;
const STEPS = 120;
const [Z, DENSITY, INTEGRAND] = [33.3, 100, 30];
const [CURVES, AREA] = [150, 345];
const HIGHEST = 1.4; // the density at the top of the field
const PEAK = 1 / Math.sqrt(2 * Math.PI); // of N(0, 1)
const NATS_PER_BYTE = 8 * Math.LN2;

/**
 * Shows a Gaussian beside the prior, N(0, 1), and their KL divergence.
 * @param {HTMLElement} section
 */
export default function gaussians(section) {
  const mean = find(section, "[name=mean]", HTMLInputElement);
  const deviation = find(section, "[name=deviation]", HTMLInputElement);
  const number = find(section, "[data-divergence]", HTMLElement);

  const show = pad(find(section, ".pad", HTMLElement),
    (right, up) => choose(REACH * right, PEAK / Math.max(0.01, (HIGHEST * (up + 1)) / 2)),
    (right, up) => choose(Number(mean.value) + 0.05 * right, Number(deviation.value) - 0.05 * up));

  /** @param {number} mu @param {number} sigma */
  function choose(mu, sigma) {
    mean.value = String(mu); // the sliders keep to their ranges
    deviation.value = String(sigma);
    draw();
    keep();
  }

  function draw() {
    const [mu, sigma] = [Number(mean.value), Number(deviation.value)];
    const q = (/** @type {number} */ z) => -0.5 * ((z - mu) / sigma) ** 2 - Math.log(sigma / PEAK);
    const p = (/** @type {number} */ z) => -0.5 * z ** 2 + Math.log(PEAK);
    find(section, "[data-q]", SVGPathElement).setAttribute("d", path((z) => Math.exp(q(z)), CURVES, DENSITY));
    find(section, "[data-area]", SVGPathElement).setAttribute("d", path((z) => Math.exp(q(z)) * (q(z) - p(z)), AREA, INTEGRAND));
    const nats = (mu ** 2 + sigma ** 2 - 1) / 2 - Math.log(sigma);
    number.textContent = `${nats.toFixed(2)} nats = ${(nats / NATS_PER_BYTE).toFixed(2)} bytes`;
    for (const input of [mean, deviation]) {
      find(section, `output[for=${input.id}]`, HTMLElement).textContent = String(Number(input.value));
      input.ariaValueText = `${Number(input.value)}: ${number.textContent}`;
    }
    show(mu / REACH, (2 * PEAK) / sigma / HIGHEST - 1);
  }

  function keep() {
    remember({ mean: mean.value, deviation: deviation.value });
  }

  for (const input of [mean, deviation]) {
    input.addEventListener("input", draw);
    input.addEventListener("change", keep);
  }
  draw();
}

/** @param {(z: number) => number} height @param {number} base @param {number} scale */
function path(height, base, scale) {
  const places = Array.from({ length: STEPS + 1 }, (_, step) => REACH * ((2 * step) / STEPS - 1));
  return `M${places.map((z) => `${(200 + Z * z).toFixed(1)} ${(base - scale * height(z)).toFixed(1)}`).join("L")}`;
}

import { readArrays } from "coding/npz";
import { ofHalf } from "player/half";
import { length } from "player/mixing";
import { model } from "player/model";
import { once } from "player/once";

/**
 * Steering as ml.serving.directions: the change at each place is a linear function of the codes around it and of where it
 * is, followed in small steps. Only the levels down to a depth are moved: those below are not decoded.
 * @typedef {Record<string, number>} Amounts by direction, in [-1, 1]
 * @typedef {(direction: string, level: number) => Float32Array} Fields what one step adds: (features, channels)
 */
/** The fields of the model's directions. */
export const fieldsAt = once(async (answer) => {
  const arrays = await readArrays(await answer.arrayBuffer());

  /** @type {Fields} */
  return (direction, level) => {
    const field = arrays.get(`${direction}.${level}`)?.values;
    if (field instanceof Uint16Array) return Float32Array.from(field, ofHalf);
    throw new TypeError(`there is no direction ${direction}`);
  };
});

/**
 * The code moved by these amounts, all directions together.
 * @param {Float32Array} z
 * @param {Amounts} amounts
 * @param {Fields} fields
 * @param {number} depth
 */
export function steer(z, amounts, fields, depth) {
  const { grids, directions } = model();
  const wanted = directions.filter(({ name }) => amounts[name]);
  const distances = wanted.map(({ name, steps }) => ({ name, distance: steps * amounts[name] }));
  const steps = Math.ceil(Math.max(0, ...distances.map(({ distance }) => Math.abs(distance))));
  const moved = z.slice();
  let end = 0;
  grids.slice(0, depth).forEach((grid, level) => {
    const part = moved.subarray(end, (end += grid.channels * grid.size ** 2));
    const parts = distances.map(({ name, distance }) => ({ field: fields(name, level), weight: distance / steps }));
    const field = parts[0]?.field.map((_, at) => parts.reduce((sum, { field, weight }) => sum + weight * field[at], 0));
    if (field) follow(part, grid, field, steps);
  });
  return moved;
}

/**
 * Moves one level's code along a field; it keeps its length.
 * @param {Float32Array} z
 * @param {import("player/model").Grid} grid
 * @param {Float32Array} field
 * @param {number} steps
 */
function follow(z, grid, field, steps) {
  const fields = atEachPlace(grid, field);
  for (let step = 0; step < steps; step += 1) {
    const before = length(z);
    const change = changeOf(z, grid, fields);
    change.forEach((number, at) => { z[at] += number; });
    const stretch = before / Math.max(length(z), 1e-6);
    z.forEach((number, at) => { z[at] = stretch * number; });
  }
}

/**
 * The field at each place, one after another: (features, channels) of the codes around it and of a constant, with its own
 * x and y put in.
 * @param {import("player/model").Grid} grid
 * @param {Float32Array} field
 */
function atEachPlace({ size }, field) {
  if (size === 1) return field;
  const part = field.length / 3;
  const fields = new Float32Array(part * size * size);
  for (let place = 0; place < size * size; place += 1) {
    const x = (((place % size) + 0.5) / size) * 2 - 1;
    const y = ((Math.floor(place / size) + 0.5) / size) * 2 - 1;
    for (let at = 0; at < part; at += 1) {
      fields[place * part + at] = field[at] + x * field[part + at] + y * field[2 * part + at];
    }
  }
  return fields;
}

/**
 * What one step adds. The loops are plain because a slider waits for them: twelve steps are six million products.
 * @param {Float32Array} z
 * @param {import("player/model").Grid} grid
 * @param {Float32Array} fields
 */
function changeOf(z, { channels, size }, fields) {
  const reach = size === 1 ? 0 : 1;
  const places = size * size;
  const change = new Float32Array(z.length);
  const sums = new Float64Array(channels);
  let at = 0;
  for (let place = 0; place < places; place += 1) {
    const row = Math.floor(place / size);
    const column = place % size;
    sums.fill(0);
    for (let from = 0; from < channels; from += 1) {
      for (let down = -reach; down <= reach; down += 1) {
        for (let across = -reach; across <= reach; across += 1, at += channels) {
          if (row + down < 0 || row + down >= size || column + across < 0 || column + across >= size) continue;
          const number = z[(from * size + row + down) * size + column + across];
          for (let to = 0; to < channels; to += 1) sums[to] += number * fields[at + to];
        }
      }
    }
    for (let to = 0; to < channels; to += 1) change[to * places + place] = sums[to] + fields[at + to];
    at += channels;
  }
  return change;
}

import { length } from "player/mixing";

/**
 * Moves one level's code along a field; it keeps its length.
 * @param {Float32Array} z
 * @param {import("player/model").Grid} grid
 * @param {Float32Array} field
 * @param {number} steps
 */
export function follow(z, grid, field, steps) {
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

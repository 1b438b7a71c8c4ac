import { readArrays } from "coding/npz";
import { follow } from "player/field";
import { ofHalf } from "player/half";
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
  /** @type {Map<string, Float32Array>} as numbers: a slider asks for a direction again and again */
  const fields = new Map();

  /** @type {Fields} */
  return (direction, level) => {
    const name = `${direction}.${level}`;
    const stored = arrays.get(name)?.values;
    if (!(stored instanceof Uint16Array)) throw new TypeError(`there is no direction ${direction}`);
    const field = fields.get(name) ?? Float32Array.from(stored, ofHalf);
    fields.set(name, field);
    return field;
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

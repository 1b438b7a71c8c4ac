import { filesAt } from "coding/files";
import { arraysAt } from "coding/npz";
import { model } from "player/model";
/** @import { Plan } from "player/plans" */

/**
 * The picture in a car's file at a price, as reconstruct.priced.picture.
 * @param {URL} address of the server's picture
 * @param {{ files: string, tables: string }} sources addresses of all its files, and of the tables that they are read with
 * @returns {Promise<Plan>}
 */
export async function priced({ searchParams }, { files, tables }) {
  const [{ read }] = await Promise.all([filesAt(files), arraysAt(tables)]);
  const { code, price, width, height, mirrored } = await read(Number(searchParams.get("price")));
  const { side } = model();
  const left = Math.floor((side - width) / 2), top = Math.floor((side - height) / 2);
  const inMirror = mirrored ? side - left - width : left; // the square lies as the model sees it
  const frame = [inMirror, top, inMirror + width, top + height];
  return { frame, mirrored, count: 1, columns: 1, code: () => code, depth: Number(searchParams.get("depth")), price };
}

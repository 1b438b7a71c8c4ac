/**
 * An uncompressed picture file, BMP: nothing is lost, and writing one costs nothing.
 * @param {ImageData} picture
 * @returns {Blob}
 */
export function bitmap({ data, width, height }) {
  const stride = Math.ceil((3 * width) / 4) * 4;
  const header = new DataView(new ArrayBuffer(54));
  const rows = new Uint8Array(stride * height);
  header.setUint16(0, 0x424d); // "BM"
  header.setUint32(2, header.byteLength + rows.length, true);
  header.setUint32(10, header.byteLength, true); // where the rows begin
  header.setUint32(14, 40, true); // bytes of the header from here on
  header.setInt32(18, width, true);
  header.setInt32(22, -height, true); // negative: the first row is the top one
  header.setUint16(26, 1, true); // plane
  header.setUint16(28, 24, true); // bits a pixel: blue, green, red
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const from = 4 * (y * width + x);
      const to = y * stride + 3 * x;
      rows[to] = data[from + 2];
      rows[to + 1] = data[from + 1];
      rows[to + 2] = data[from];
    }
  }
  return new Blob([header, rows], { type: "image/bmp" });
}

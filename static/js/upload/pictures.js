const PICTURE = /\.(avif|bmp|gif|hei[cf]|jpe?g|png|tiff?|webp)$/i;

/**
 * The pictures among these files, and a sentence about the others; it is empty where there are none.
 * @param {Iterable<File>} files
 */
export function sorted(files) {
  const all = [...files];
  const others = all.filter((file) => !isPicture(file)).map((file) => file.name);
  const verb = others.length > 1 ? "are not pictures" : "is not a picture";
  return {
    pictures: all.filter(isPicture),
    refusal: others.length ? `${others.join(", ")} ${verb}. Choose a photograph of a car.` : "",
  };
}

/**
 * Where the system knows no type for a file, as some do not for HEIC, its name decides.
 * @param {File} file
 */
function isPicture(file) {
  return file.type ? file.type.startsWith("image/") : PICTURE.test(file.name);
}

/**
 * What to set an input's `files` to.
 * @param {File[]} files
 */
export function listOf(files) {
  const transfer = new DataTransfer();
  for (const file of files) transfer.items.add(file);
  return transfer.files;
}

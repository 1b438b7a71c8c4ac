const CACHE = "held";

/**
 * Keeps files in this browser until `release`, on whichever page of the site. Rejects where the browser does not.
 * @param {File[]} files
 */
export async function hold(files) {
  await caches.delete(CACHE);
  const cache = await caches.open(CACHE);
  for (const [number, file] of files.entries()) {
    await cache.put(`/held/${number}/${encodeURIComponent(file.name)}`, new Response(file));
  }
}

/**
 * The files that were kept, which are forgotten with this.
 * @returns {Promise<File[]>}
 */
export async function release() {
  if (!("caches" in window) || !(await caches.has(CACHE))) return []; // a page without TLS has no caches
  const cache = await caches.open(CACHE);
  const files = (await cache.keys()).map(async (request) => {
    const content = await (await cache.match(request))?.blob();
    const name = decodeURIComponent(request.url.slice(request.url.lastIndexOf("/") + 1));
    return content ? [new File([content], name, { type: content.type })] : [];
  });
  const held = (await Promise.all(files)).flat();
  await caches.delete(CACHE);
  return held;
}

/** A PNG of `rgb`, uint8 height x width x RGB. */
export async function pngOf(rgb: Uint8Array, width: number, height: number): Promise<Buffer> {
  // Loaded by those alone who draw: it is a library of its own.
  const { createCanvas } = await import('@napi-rs/canvas');
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  const image = context.createImageData(width, height);
  for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4) {
    image.data.set(rgb.subarray(from, from + 3), to);
    image.data[to + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  return canvas.encode('png');
}

// Pictures from a file or from the camera, as pixels.

/** The pixels of an image file, {data, width, height}: as they are, or made smaller until no side is above `most`. */
export async function pixelsOf(file, most = 640) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file, {colorSpaceConversion: "none", premultiplyAlpha: "none"});
  } catch {
    throw new Error("That file is no picture that this browser can read: choose a PNG or JPEG file.");
  }
  return pixels(bitmap, bitmap.width, bitmap.height, most);
}

/** The pixels of anything that can be drawn, on white where it is transparent. */
export function pixels(drawable, width, height, most = 640) {
  const share = Math.min(1, most / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * share));
  canvas.height = Math.max(1, Math.round(height * share));
  const context = canvas.getContext("2d", {willReadFrequently: true});
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(drawable, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

/** Whether this page may show what the camera sees; where not, a file input asks the phone for a photograph. */
export const canStream = () => Boolean(globalThis.isSecureContext && navigator.mediaDevices?.getUserMedia);

/** Shows the camera in a video element. Gives {take, stop}: take returns pixels. */
export async function openCamera(video) {
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({video: {facingMode: "environment"}, audio: false});
  } catch (error) {
    const why = error.name === "NotAllowedError" ? "the camera is not allowed" : "no camera was found";
    throw new Error(`There is no picture, since ${why}: choose a picture from a file.`);
  }
  video.srcObject = stream;
  await video.play();
  const stop = () => {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
  return {stop, take: () => pixels(video, video.videoWidth, video.videoHeight)};
}

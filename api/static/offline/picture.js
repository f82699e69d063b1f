// QR codes in a picture or a frame of the camera: by the browser's own reader, else by the one that comes with the page.

const MOST = 1600;

let own;

/** The browser's reader, where it has one for QR codes. */
async function ownReader() {
  if (own === undefined) {
    const formats = (await globalThis.BarcodeDetector?.getSupportedFormats?.().catch(() => [])) ?? [];
    own = formats.includes("qr_code") ? new BarcodeDetector({ formats: ["qr_code"] }) : null;
  }
  return own;
}

/** What the codes say; an empty list where there is none. */
export async function codesIn(source, width, height) {
  const reader = await ownReader();
  if (reader) {
    const found = await reader.detect(source).catch(() => []);
    if (found.length) return found.map((code) => code.rawValue);
  }
  const scale = Math.min(1, MOST / Math.max(width, height));
  const [wide, high] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  const canvas = new OffscreenCanvas(wide, high);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  // A picture may be clear where it is white.
  context.fillStyle = "white";
  context.fillRect(0, 0, wide, high);
  context.drawImage(source, 0, 0, wide, high);
  const { data } = context.getImageData(0, 0, wide, high);
  const { default: decode } = await import("./decode.js");
  try {
    const text = decode({ width: wide, height: high, data });
    return text ? [text] : [];
  } catch {
    return [];
  }
}

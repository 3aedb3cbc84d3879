/** What is painted, compared pixel by pixel: of a rectangle of the window, each picture a PNG. */
import type { Page } from 'playwright-core';

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** How far in from each edge of a picture it is looked at. */
export interface Band {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

/**
 * Along the middle of each edge, the share of places at which the two pictures differ, no further in than `depth` pixels. `blank`: any page
 * without a policy, for the browser reads the pictures.
 */
export function differenceAtEdges(blank: Page, one: Buffer, other: Buffer, depth: number): Promise<Band> {
  return blank.evaluate(
    async ({ pictures, depth }) => {
      const [a, b] = await Promise.all(
        pictures.map(async (base64) => {
          const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob());
          const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
          canvas?.drawImage(bitmap, 0, 0);
          return canvas?.getImageData(0, 0, bitmap.width, bitmap.height);
        }),
      );
      if (a === undefined || b === undefined) throw new Error('no picture');
      const { width, height } = a;
      const isOther = (x: number, y: number): boolean => {
        const at = 4 * (y * width + x);
        return [0, 1, 2].some((colour) => Math.abs((a.data[at + colour] ?? 0) - (b.data[at + colour] ?? 0)) > 48);
      };
      /** `isOtherAt`: at this place along the edge, so far in. */
      const share = (length: number, isOtherAt: (along: number, inwards: number) => boolean): number => {
        const places = Array.from({ length: Math.ceil(length / 3) }, (_, index) => Math.floor(length / 3) + index);
        const depths = Array.from({ length: depth }, (_, index) => index);
        return places.filter((along) => depths.some((inwards) => isOtherAt(along, inwards))).length / places.length;
      };
      return {
        top: share(width, (along, inwards) => isOther(along, inwards)),
        right: share(height, (along, inwards) => isOther(width - 1 - inwards, along)),
        bottom: share(width, (along, inwards) => isOther(along, height - 1 - inwards)),
        left: share(height, (along, inwards) => isOther(inwards, along)),
      };
    },
    { pictures: [one.toString('base64'), other.toString('base64')], depth },
  );
}

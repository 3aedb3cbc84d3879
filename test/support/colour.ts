/** Colours as people see them, also those who see fewer: sRGB, WCAG's luminance and contrast, OKLab, and simulated colour-blindness. */

/** Red, green and blue from 0 to 1. */
export type Colour = readonly number[];

export const parseColour = (hex: string): Colour => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);

const linear = (part: number): number => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
const gamma = (part: number): number => (part <= 0.0031308 ? part * 12.92 : 1.055 * part ** (1 / 2.4) - 0.055);

const WEIGHTS = [0.2126, 0.7152, 0.0722];
const dot = (a: Colour, b: Colour): number => a.reduce((sum, part, index) => sum + part * (b[index] ?? 0), 0);

/** The weighted sum that CSS `grayscale` makes of a colour. */
export const greyOf = (colour: Colour): number => dot(colour, WEIGHTS);

/** WCAG 2.2: relative luminance and contrast. */
const luminance = (colour: Colour): number => dot(colour.map(linear), WEIGHTS);
export function contrast(a: Colour, b: Colour): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

/** Machado, Oliveira and Fernandes 2009, severity 1; in linear RGB. */
const DEFICIENCIES = {
  none: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
} as const;

export type Deficiency = keyof typeof DEFICIENCIES;
export const ALL_DEFICIENCIES = Object.keys(DEFICIENCIES) as readonly Deficiency[];

export const seenWith = (colour: Colour, deficiency: Deficiency): Colour => {
  const light = colour.map(linear);
  return DEFICIENCIES[deficiency].map((row) => gamma(Math.min(1, Math.max(0, dot(row, light)))));
};

/** In OKLab, where about 0.02 is the least that can be seen side by side. */
export function distance(a: Colour, b: Colour): number {
  const [one, other] = [oklab(a), oklab(b)];
  return Math.hypot(...one.map((part, index) => part - (other[index] ?? 0)));
}

function oklab(colour: Colour): Colour {
  const light = colour.map(linear);
  const cones = [
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
  ].map((row) => Math.cbrt(dot(row, light)));
  return [
    [0.2104542553, 0.793617785, -0.0040720468],
    [1.9779984951, -2.428592205, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.808675766],
  ].map((row) => dot(row, cones));
}

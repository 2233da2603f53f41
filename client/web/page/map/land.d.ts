// Made by world_outline.mjs.
declare module 'virtual:land' {
  export const stepsPerDegree: number;
  /** Polygons of rings; a ring is x, y and then the steps from point to point. */
  export const polygons: number[][][];
}

// The outline of the world's land for the map, made small: `import land from 'virtual:land'`.
// Natural Earth's 1:110m land (npm package world-atlas), in tenths of a degree, as rings of
// differences. Without borders: this page takes no position on them.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { feature } from 'topojson-client';

const STEPS_PER_DEGREE = 10;
const AREA_MIN = 1.2; // Square degrees: below it an island is no dot on the map.

/** Twice the area, by the shoelace formula. */
function ringArea(ring) {
  let sum = 0;
  for (let i = 1; i < ring.length; ++i) {
    sum += ring[i - 1][0] * ring[i][1] - ring[i][0] * ring[i - 1][1];
  }
  return Math.abs(sum) / 2;
}

function reduced(ring) {
  const points = [];
  for (const [longitude, latitude] of ring) {
    const point = [
      Math.round(longitude * STEPS_PER_DEGREE),
      Math.round(latitude * STEPS_PER_DEGREE),
    ];
    const last = points[points.length - 1];
    if (!last || last[0] !== point[0] || last[1] !== point[1]) points.push(point);
  }
  return points.flatMap(([x, y], i) => (i === 0 ? [x, y] : [x - points[i - 1][0], y - points[i - 1][1]]));
}

export function landRings() {
  const file = createRequire(import.meta.url).resolve('world-atlas/land-110m.json');
  const atlas = JSON.parse(readFileSync(file, 'utf8'));
  const { features } = feature(atlas, atlas.objects.land);
  return features
    .flatMap(({ geometry }) =>
      geometry.type === 'MultiPolygon' ? geometry.coordinates : [geometry.coordinates],
    )
    .filter(([outer]) => ringArea(outer) >= AREA_MIN)
    .map((polygon) => polygon.map(reduced));
}

export const worldOutline = {
  name: 'world-outline',
  setup(build) {
    build.onResolve({ filter: /^virtual:land$/ }, ({ path }) => ({ path, namespace: 'land' }));
    build.onLoad({ filter: /.*/, namespace: 'land' }, () => ({
      contents: `export const stepsPerDegree = ${STEPS_PER_DEGREE};
export const polygons = ${JSON.stringify(landRings())};`,
      loader: 'js',
    }));
  },
};

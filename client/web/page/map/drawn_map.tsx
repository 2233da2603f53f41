// A journey drawn on the outline of the world's land.
import { geoDistance, geoNaturalEarth1, geoPath } from 'd3-geo';
import type { GeoPermissibleObjects, GeoProjection } from 'd3-geo';
import { polygons, stepsPerDegree } from 'virtual:land';

export interface MapPoint {
  number: number; // Of the stop.
  at: [longitude: number, latitude: number];
  name: string;
}

export interface DrawnMapProps {
  points: MapPoint[];
  label: string;
}

const WIDTH = 560;
const HEIGHT = 370;
const MARGIN = 56;
const SCALE_MAX = 1100; // The outline is coarse: nearer, it would mislead.
const NEAR = 26; // Marks nearer than this, in pixels, are one.

type Position = [number, number];

function ringOf(steps: number[]): Position[] {
  let [x, y] = [0, 0];
  const ring: Position[] = [];
  for (let i = 0; i < steps.length; i += 2) {
    x += steps[i]!;
    y += steps[i + 1]!;
    ring.push([x / stepsPerDegree, y / stepsPerDegree]);
  }
  return ring;
}

const land: GeoPermissibleObjects = {
  type: 'MultiPolygon',
  coordinates: polygons.map((polygon) => polygon.map(ringOf)),
};

/** The middle of the journey's longitudes, also where it crosses the date line. */
function middle(points: MapPoint[]): number {
  const radians = points.map(({ at }) => (at[0] * Math.PI) / 180);
  const x = radians.reduce((sum, a) => sum + Math.cos(a), 0);
  const y = radians.reduce((sum, a) => sum + Math.sin(a), 0);
  return (Math.atan2(y, x) * 180) / Math.PI;
}

function projectionFor(points: MapPoint[]): GeoProjection {
  const projection = geoNaturalEarth1().rotate([-middle(points), 0]);
  const all: GeoPermissibleObjects = { type: 'MultiPoint', coordinates: points.map(({ at }) => at) };
  const frame: [Position, Position] = [
    [MARGIN, MARGIN],
    [WIDTH - MARGIN, HEIGHT - MARGIN],
  ];
  projection.fitExtent(frame, all);
  if (!(projection.scale() <= SCALE_MAX)) {
    projection.scale(SCALE_MAX).translate([0, 0]);
    const [x, y] = geoPath(projection).centroid(all);
    projection.translate([WIDTH / 2 - x, HEIGHT / 2 - y]);
  }
  return projection.clipExtent([
    [-1, -1],
    [WIDTH + 1, HEIGHT + 1],
  ]);
}

interface Mark {
  x: number;
  y: number;
  numbers: number[];
  names: Set<string>;
}

function marksOf(points: MapPoint[], projection: GeoProjection): Mark[] {
  const marks: Mark[] = [];
  for (const { at, number, name } of points) {
    const [x, y] = projection(at) ?? [0, 0];
    const near = marks.find((mark) => Math.hypot(mark.x - x, mark.y - y) < NEAR);
    if (!near) {
      marks.push({ x, y, numbers: [number], names: new Set([name]) });
      continue;
    }
    near.numbers.push(number);
    near.names.add(name);
  }
  return marks;
}

/** "1–4, 7": runs of numbers, shortened. */
function runsOf(numbers: number[]): string {
  const runs: [number, number][] = [];
  for (const number of [...new Set(numbers)].sort((a, b) => a - b)) {
    const last = runs[runs.length - 1];
    if (last && last[1] === number - 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(', ');
}

/** Each leg of the way between places that lie apart, once. */
function legs(points: MapPoint[]): Position[][] {
  const seen = new Set<string>();
  return points.slice(1).flatMap(({ at }, i) => {
    const from = points[i]!.at;
    const key = [from, at].map(String).sort().join(' ');
    if (seen.has(key) || geoDistance(from, at) < 0.002) return [];
    seen.add(key);
    return [[from, at]];
  });
}

export function DrawnMap({ points, label }: DrawnMapProps) {
  const projection = projectionFor(points);
  const path = geoPath(projection).digits(1);
  const way = path({ type: 'MultiLineString', coordinates: legs(points) });
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      <rect class="sea" width={WIDTH} height={HEIGHT} />
      <path class="land" d={path(land) ?? ''} />
      <path class="way" d={way ?? ''} />
      {marksOf(points, projection).map(({ x, y, numbers, names }) => {
        const text = runsOf(numbers);
        const width = Math.max(32, 18 + text.length * 10);
        const left = Math.min(Math.max(x, width / 2 + 4), WIDTH - width / 2 - 4);
        return (
          <g key={text} class="mark">
            <title>{[...names].join(', ')}</title>
            <circle cx={x} cy={y} r="4" />
            <rect x={left - width / 2} y={y - 40} width={width} height="28" rx="14" />
            <text x={left} y={y - 20.5}>
              {text}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

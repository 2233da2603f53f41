// A journey drawn on the outline of the world's land.
import { geoDistance, geoNaturalEarth1, geoPath } from 'd3-geo';
import type { GeoPermissibleObjects, GeoProjection } from 'd3-geo';
import { polygons, stepsPerDegree } from 'virtual:land';

export interface MapPoint {
  number: number; // Of the stop.
  at: [longitude: number, latitude: number];
  name: string;
  country: string;
}

export interface DrawnMapProps {
  points: MapPoint[];
  label: string;
}

// About as many units as the card has pixels, so that letters are as large as those of the page.
const WIDE = { width: 560, height: 350 };
const NARROW = { width: 340, height: 240 };
const MARGIN = 52;
const SCALE_MAX = 1100; // The outline is coarse: nearer, it would mislead.
const NEAR = 26; // Marks nearer than this are one.
const PILL = 26; // The height of a mark's numbers.
const ABOVE = 38; // From a place to the upper edge of its numbers.
const LETTER = 15; // The widest letters, which are those of Chinese.

type Frame = typeof WIDE;

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

/** The middle of the journey's longitudes, even across the date line. */
function middle(points: MapPoint[]): number {
  const radians = points.map(({ at }) => (at[0] * Math.PI) / 180);
  const x = radians.reduce((sum, a) => sum + Math.cos(a), 0);
  const y = radians.reduce((sum, a) => sum + Math.sin(a), 0);
  return (Math.atan2(y, x) * 180) / Math.PI;
}

function projectionFor(points: MapPoint[], { width, height }: Frame): GeoProjection {
  const projection = geoNaturalEarth1().rotate([-middle(points), 0]);
  const all: GeoPermissibleObjects = { type: 'MultiPoint', coordinates: points.map(({ at }) => at) };
  const frame: [Position, Position] = [
    [MARGIN, MARGIN],
    [width - MARGIN, height - MARGIN],
  ];
  projection.fitExtent(frame, all);
  if (!(projection.scale() <= SCALE_MAX)) {
    projection.scale(SCALE_MAX).translate([0, 0]);
    const [x, y] = geoPath(projection).centroid(all);
    projection.translate([width / 2 - x, height / 2 - y]);
  }
  return projection.clipExtent([
    [-1, -1],
    [width + 1, height + 1],
  ]);
}

interface Mark {
  x: number;
  y: number;
  numbers: number[];
  names: Set<string>;
  countries: Set<string>;
}

function marksOf(points: MapPoint[], projection: GeoProjection): Mark[] {
  const marks: Mark[] = [];
  for (const { at, number, name, country } of points) {
    const [x, y] = projection(at) ?? [0, 0];
    const near = marks.find((mark) => Math.hypot(mark.x - x, mark.y - y) < NEAR);
    if (!near) {
      marks.push({ x, y, numbers: [number], names: new Set([name]), countries: new Set([country]) });
      continue;
    }
    near.numbers.push(number);
    near.names.add(name);
    near.countries.add(country);
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

/** Each leg between distinct places, once. */
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

/** A mark's label next to its numbers: its country, if there is only one and there is room. */
function captionOf({ x, y, countries }: Mark, marks: Mark[]): string {
  const [country = ''] = countries.size === 1 ? [...countries] : [];
  const reach = country.length * LETTER;
  const crowded = marks.some(
    (other) => other.x !== x && Math.abs(other.x - x) < reach && other.y > y - 8 && other.y - ABOVE < y + 26,
  );
  return crowded ? '' : country;
}

function MarkItem({ mark, marks, frame }: { mark: Mark; marks: Mark[]; frame: Frame }) {
  const { x, y, numbers, names } = mark;
  const text = runsOf(numbers);
  const caption = captionOf(mark, marks);
  const width = Math.max(30, 16 + text.length * 9);
  const inside = (wide: number): number => Math.min(Math.max(x, wide / 2 + 4), frame.width - wide / 2 - 4);
  const middle = inside(width);
  return (
    <g class="mark">
      <title>{[...names].join(', ')}</title>
      <circle cx={x} cy={y} r="4" />
      <rect x={middle - width / 2} y={y - ABOVE} width={width} height={PILL} rx={PILL / 2} />
      <text x={middle} y={y - ABOVE + 18}>
        {text}
      </text>
      {caption && (
        <text class="caption" x={inside(caption.length * LETTER)} y={y + 20}>
          {caption}
        </text>
      )}
    </g>
  );
}

export function DrawnMap({ points, label }: DrawnMapProps) {
  const frame = innerWidth < 600 ? NARROW : WIDE;
  const projection = projectionFor(points, frame);
  const path = geoPath(projection).digits(1);
  const way = path({ type: 'MultiLineString', coordinates: legs(points) });
  const marks = marksOf(points, projection);
  return (
    <svg viewBox={`0 0 ${frame.width} ${frame.height}`} role="img" aria-label={label}>
      <rect class="sea" width={frame.width} height={frame.height} />
      <path class="land" d={path(land) ?? ''} />
      <path class="way" d={way ?? ''} />
      {marks.map((mark) => (
        <MarkItem key={mark.numbers[0]} mark={mark} marks={marks} frame={frame} />
      ))}
    </svg>
  );
}

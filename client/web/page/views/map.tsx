// The map: its code is loaded when there is a journey to draw.
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Naming } from '../data/naming.js';
import type { Story } from '../data/story.js';
import type { DrawnMapProps, MapPoint } from '../map/drawn_map.js';
import { useTexts } from '../texts/index.js';

/** Where the thing was, as far as the registry knows the places. */
function pointsOf(story: Story, naming: Naming): MapPoint[] {
  return story.stops.flatMap(({ place, number }) => {
    const { at, name, country } = naming.place(place);
    return at && number !== null ? [{ number, at, name, country }] : [];
  });
}

export function MapCard({ story, naming }: { story: Story; naming: Naming }) {
  const texts = useTexts();
  const [drawn, setDrawn] = useState<{ Map: ComponentType<DrawnMapProps> } | null>(null);
  const points = pointsOf(story, naming);
  const some = points.length > 0;
  useEffect(() => {
    // Without it, the list below says the same.
    if (some) import('../map/drawn_map.js').then(({ DrawnMap: Map }) => setDrawn({ Map }), () => {});
  }, [some]);
  if (!some) return null;
  return (
    <section class="card map" aria-label={texts.map}>
      {drawn ? <drawn.Map points={points} label={texts.mapLabel(points.length)} /> : <div class="sea" />}
    </section>
  );
}

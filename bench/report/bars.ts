import type { Spread } from "../stats";
import { COLOURS, round, Svg, shown } from "./svg";

export interface BarChart {
  title: string;
  unit: string;
  series: string[];
  /** One bar for each series; undefined where nothing was measured. */
  groups: { name: string; bars: (Spread | undefined)[] }[];
}

/** Bars of medians; a thin line goes from the least to the greatest. */
export function barChart({ title, unit, series, groups }: BarChart): string {
  const most = Math.max(...groups.flatMap(({ bars }) => bars.map((bar) => bar?.max ?? 0)));
  const svg = new Svg({ title, unit, series, most });
  const groupWidth = svg.width / groups.length;
  const width = (groupWidth * 0.84) / series.length;
  for (const [group, { name, bars }] of groups.entries()) {
    const left = svg.left + (group + 0.08) * groupWidth;
    for (const [index, bar] of bars.entries()) {
      if (bar) draw(svg, bar, { x: left + index * width, width, colour: COLOURS[index] ?? "#888" });
    }
    svg.mark(svg.left + (group + 0.5) * groupWidth, name);
  }
  return svg.toString();
}

interface Place {
  x: number;
  width: number;
  colour: string;
}

function draw(svg: Svg, { median, min, max }: Spread, { x, width, colour }: Place): void {
  const [middle, y] = [x + width / 2, svg.y(median)];
  const size = `width="${round(width - 2)}" height="${round(svg.y(0) - y)}"`;
  svg.draw(`<rect x="${round(x + 1)}" y="${round(y)}" ${size} fill="${colour}"/>`);
  svg.draw(`<path d="M${round(middle)} ${round(svg.y(min))}V${round(svg.y(max))}" stroke="#222"/>`);
  svg.text(middle, svg.y(max) - 5, shown(median), "middle", 11);
}

import { marksOf } from "./scale";
import { COLOURS, round, Svg, shown } from "./svg";

interface Point {
  x: number;
  y: number;
}

export interface LineChart {
  title: string;
  unit: string;
  xUnit: string;
  /** Sizes of 10, 100 and 1,000 then lie equally far apart. */
  logarithmic?: boolean;
  series: { name: string; points: Point[] }[];
}

export function lineChart(chart: LineChart): string {
  const { title, unit, xUnit, logarithmic = false, series } = chart;
  const points = series.flatMap((one) => one.points);
  const most = Math.max(...points.map((point) => point.y));
  const svg = new Svg({ title, unit, series: series.map((one) => one.name), most });
  const x = scaleOf(svg, points, logarithmic);
  for (const [index, one] of series.entries()) {
    const path = one.points.map((point) => `${round(x(point.x))} ${round(svg.y(point.y))}`).join("L");
    svg.draw(`<path d="M${path}" fill="none" stroke="${COLOURS[index]}" stroke-width="2"/>`);
  }
  for (const value of axisOf(points, logarithmic)) svg.mark(x(value), shown(value));
  svg.axis(xUnit);
  return svg.toString();
}

const MARGIN = 24;

function scaleOf(svg: Svg, points: Point[], logarithmic: boolean): (x: number) => number {
  const scaled = logarithmic ? Math.log10 : (x: number) => x;
  const all = points.map((point) => scaled(point.x));
  const [least, most] = [logarithmic ? Math.min(...all) : 0, Math.max(...all)];
  const room = svg.width - 2 * MARGIN;
  return (x) => svg.left + MARGIN + ((scaled(x) - least) / (most - least || 1)) * room;
}

function axisOf(points: Point[], logarithmic: boolean): number[] {
  const all = points.map((point) => point.x);
  return logarithmic ? [...new Set(all)] : marksOf(Math.max(...all));
}

import { marksOf } from "./scale";

// Colours that stay apart for colour-blind readers (Okabe and Ito).
export const COLOURS = ["#0072b2", "#e69f00", "#d55e00", "#009e73"];
const [WIDTH, HEIGHT, LEFT, TOP, BOTTOM, RIGHT] = [760, 380, 64, 72, 48, 16];
const [INNER_WIDTH, INNER_HEIGHT] = [WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM];

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
export const round = (value: number) => Math.round(value * 10) / 10;
export const shown = (value: number) => value.toLocaleString("en", { maximumSignificantDigits: 3 });

interface Frame {
  title: string;
  unit: string;
  series: string[];
  /** The greatest value to draw. */
  most: number;
}

/** A chart's title, legend and axes, with what is drawn in it. */
export class Svg {
  private readonly parts: string[] = [];
  readonly left = LEFT;
  readonly width = INNER_WIDTH;
  private readonly top: number;

  constructor(private readonly frame: Frame) {
    this.top = frame.most * 1.1 || 1;
  }

  y(value: number): number {
    return TOP + INNER_HEIGHT * (1 - value / this.top);
  }

  draw(part: string): void {
    this.parts.push(part);
  }

  text(x: number, y: number, content: string, anchor = "middle", size = 12): void {
    this.draw(text(x, y, content, anchor, size));
  }

  /** A mark below the axis. */
  mark(x: number, content: string): void {
    this.text(x, HEIGHT - BOTTOM + 18, content);
  }

  /** What the axis below counts. */
  axis(content: string): void {
    this.text(WIDTH - RIGHT, HEIGHT - 8, content, "end");
  }

  toString(): string {
    const title = `${this.frame.title} (${this.frame.unit})`;
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" fill="#222" role="img" aria-label="${escaped(title)}">`,
      `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
      text(LEFT, 24, title, "start", 15),
      ...this.legend(),
      ...this.grid(),
      ...this.parts,
      "</svg>\n",
    ].join("\n");
  }

  private grid(): string[] {
    return marksOf(this.top).flatMap((value) => [
      `<path d="M${LEFT} ${round(this.y(value))}H${WIDTH - RIGHT}" stroke="#ddd"/>`,
      text(LEFT - 6, this.y(value) + 4, shown(value), "end"),
    ]);
  }

  private legend(): string[] {
    const { series } = this.frame;
    return series.flatMap((name, index) => {
      const x = round(LEFT + (index * INNER_WIDTH) / series.length);
      const box = `<rect x="${x}" y="42" width="12" height="12" fill="${COLOURS[index]}"/>`;
      return [box, text(x + 17, 52, name, "start")];
    });
  }
}

function text(x: number, y: number, content: string, anchor = "middle", size = 12): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" font-size="${size}">${escaped(content)}</text>`;
}

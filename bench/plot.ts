import type { Measured } from './measure.ts';
import { spreadOf } from './spread.ts';

const width = 760;
const labelWidth = 250;
const rowHeight = 26;
const top = 46;

/** Bars of wall seconds with their quartiles as whiskers. A bar ten times as long as the second slowest is cut off. */
export function svgPlot(title: string, measured: readonly Measured[]): string {
  const bars = measured.map(({ name, measurements }) => ({
    name,
    ...spreadOf(measurements.map(({ wallSeconds }) => wallSeconds)),
  }));
  const medians = bars.map(({ median }) => median).sort((a, b) => b - a);
  const [slowest = 1, second = slowest] = medians;
  const longest = (slowest > second * 10 ? second : slowest) * 1.15;
  const scale = (seconds: number) => ((width - labelWidth - 90) * Math.min(seconds, longest)) / longest;
  const rows = bars.flatMap(({ name, median, lowerQuartile, upperQuartile }, i) => {
    const y = top + i * rowHeight;
    const isCut = median > longest;
    const whisker = `M${labelWidth + scale(lowerQuartile)} ${y + 8}H${labelWidth + scale(upperQuartile)}`;
    return [
      `<text x="${labelWidth - 8}" y="${y + 12}" text-anchor="end">${escapeXml(name)}</text>`,
      `<rect x="${labelWidth}" y="${y}" width="${scale(median).toFixed(1)}" height="16" fill="${colourOf(name)}"/>`,
      ...(isCut ? [] : [`<path d="${whisker}" stroke="#222" fill="none"/>`]),
      `<text x="${(labelWidth + scale(isCut ? median : upperQuartile) + 6).toFixed(1)}" y="${y + 12}">${median.toFixed(2)} s${isCut ? ' (bar cut)' : ''}</text>`,
    ];
  });
  const height = top + bars.length * rowHeight + 10;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="#222">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="12" y="24" font-size="15">${escapeXml(title)}</text>`,
    ...rows,
    '</svg>\n',
  ].join('\n');
}

function colourOf(name: string): string {
  return name.startsWith('Hearth') ? '#e4572e' : '#9aa5b1';
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

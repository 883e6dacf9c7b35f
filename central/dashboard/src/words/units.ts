import { locale } from "./locale";

interface Display {
  symbol: string;
  digits: number;
}

/** SenML unit codes (RFC 8428) as people write them, and how many decimals are worth showing. */
const displays: Record<string, Display> = {
  Cel: { symbol: "°C", digits: 1 },
  K: { symbol: "K", digits: 1 },
  "%RH": { symbol: "% RH", digits: 0 },
  "%": { symbol: "%", digits: 1 },
  "%EL": { symbol: "%", digits: 0 },
  m: { symbol: "m", digits: 2 },
  "/": { symbol: "", digits: 2 },
  Pa: { symbol: "Pa", digits: 0 },
  hPa: { symbol: "hPa", digits: 1 },
  lx: { symbol: "lx", digits: 0 },
  V: { symbol: "V", digits: 2 },
  A: { symbol: "A", digits: 2 },
  W: { symbol: "W", digits: 1 },
  Hz: { symbol: "Hz", digits: 1 },
  s: { symbol: "s", digits: 1 },
  ppm: { symbol: "ppm", digits: 0 },
  dB: { symbol: "dB", digits: 1 },
  "m/s": { symbol: "m/s", digits: 1 },
  kg: { symbol: "kg", digits: 2 },
  lat: { symbol: "° lat", digits: 5 },
  lon: { symbol: "° lon", digits: 5 },
};

function displayOf(unit: string): Display {
  return displays[unit] ?? { symbol: unit, digits: 2 };
}

export function unitSymbol(unit: string): string {
  return displayOf(unit).symbol;
}

const formats = new Map<number, Intl.NumberFormat>();

function formatWith(digits: number): Intl.NumberFormat {
  let format = formats.get(digits);
  if (!format) {
    format = new Intl.NumberFormat(locale, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
    formats.set(digits, format);
  }
  return format;
}

/** A value with as many decimals as its unit deserves, without the unit. */
export function number(value: number | null | undefined, unit: string): string {
  if (value == null) return "–";
  return formatWith(displayOf(unit).digits).format(value);
}

/** A value with its unit, joined by a space that does not break. */
export function amount(value: number | null | undefined, unit: string): string {
  const symbol = unitSymbol(unit);
  return symbol === "" || value == null ? number(value, unit) : `${number(value, unit)}\u00a0${symbol}`;
}

/** A single reading as it was taken, with its unit: not rounded as a mean is. */
export function exactly(value: number, unit: string): string {
  const { symbol, digits } = displayOf(unit);
  const text = new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: 20 }).format(value);
  return symbol === "" ? text : `${text}\u00a0${symbol}`;
}

/** What is on or off: the readings are 1 and 0, and a mean is the share of the time. */
const switches = new Set([
  "motion",
  "presence",
  "occupancy",
  "vibration",
  "water_leak",
  "smoke",
  "gas",
  "carbon_monoxide",
  "tamper",
  "battery_low",
  "contact",
  "state",
]);

export function isSwitch(unit: string, quantity: string): boolean {
  return unit === "/" && switches.has(quantity);
}

/** A single reading. A switch reads better as a word than as 0 or 1. */
export function reading(value: number | null | undefined, unit: string, quantity: string): string {
  if (value == null || !isSwitch(unit, quantity) || (value !== 0 && value !== 1)) return amount(value, unit);
  return value === 1 ? "on" : "off";
}

/** A mean: of a switch, how much of the time it was on. */
export function meanOf(value: number | null | undefined, unit: string, quantity: string): string {
  if (value == null || !isSwitch(unit, quantity) || value < 0 || value > 1) return amount(value, unit);
  return `on ${formatWith(0).format(value * 100)}\u00a0%`;
}

/** A whole number of things: 9 120. */
export function countOf(value: number): string {
  return formatWith(0).format(value);
}

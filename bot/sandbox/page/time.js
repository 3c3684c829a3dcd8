/** Dates and times as people in Việt Nam read them, whatever time zone the browser is in. */

const LOCAL_OFFSET = 7 * 3600_000;
const DAY = 24 * 3600_000;
const WEEKDAYS = ["Chủ nhật", "Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy"];

/**
 * Việt Nam has one time zone and no summer time, so its wall clock is UTC moved by seven hours.
 * @param {string | number} moment ISO text or milliseconds
 * @returns {Date} to be read with its getUTC… methods only
 */
function wallClock(moment) {
  return new Date(new Date(moment).getTime() + LOCAL_OFFSET);
}

/** @param {number} value */
const two = (value) => String(value).padStart(2, "0");

/** @param {string | number} moment */
export function hourMinute(moment) {
  const at = wallClock(moment);
  return `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
}

/** @param {string | number} moment */
export function hourMinuteSecond(moment) {
  return `${hourMinute(moment)}:${two(wallClock(moment).getUTCSeconds())}`;
}

/** @param {string | number} moment */
export function shortDate(moment) {
  const at = wallClock(moment);
  return `${two(at.getUTCDate())}/${two(at.getUTCMonth() + 1)}`;
}

/** @param {string | number} moment */
export function longDate(moment) {
  const at = wallClock(moment);
  return `${WEEKDAYS[at.getUTCDay()]}, ${shortDate(moment)}/${at.getUTCFullYear()}`;
}

/**
 * The form that a datetime-local field and the sandbox's clock both take.
 * @param {string | number} moment
 */
export function fieldValue(moment) {
  return wallClock(moment).toISOString().slice(0, 16);
}

/**
 * @param {string} value of a datetime-local field
 * @returns {number} NaN if the field is not filled in
 */
export function fieldMoment(value) {
  return Date.parse(`${value}+07:00`);
}

/**
 * 08:00 on the next day from Monday to Friday. Public holidays are the bot's business, not this page's.
 * @param {number} moment
 */
export function nextWorkingMorning(moment) {
  let next = moment + DAY;
  while ([0, 6].includes(wallClock(next).getUTCDay())) next += DAY;
  return `${fieldValue(next).slice(0, 10)}T08:00`;
}

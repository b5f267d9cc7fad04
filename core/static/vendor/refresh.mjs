// Copies the vendored front-end files from node_modules, writes their check sums and the icon sprite.
// Run it after changing a version: npm ci --ignore-scripts && npm run vendor
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "../../../node_modules");

const fonts = ["latin", "vietnamese"].flatMap((subset) =>
  ["400", "600", "700"].map((weight) => `be-vietnam-pro-${subset}-${weight}-normal.woff2`),
);

// Only the icons that pages use; a plugin author who needs another adds its name here.
const icons = `
  activity arrow-counterclockwise arrow-down arrow-left arrow-left-right arrow-right arrow-up award bar-chart
  bell book bookmark box-arrow-in-right box-arrow-right boxes briefcase building calendar-check calendar-event
  calendar3 chat-left-text check-circle check-lg chevron-down chevron-left chevron-right chevron-up circle
  circle-half clipboard-check clipboard-data clock clock-history copy dash-lg database diagram-3 download
  envelope exclamation-circle exclamation-triangle eye eye-slash file-earmark-excel file-earmark-pdf
  file-earmark-text file-earmark-word flag floppy folder2 funnel gear geo-alt globe2 graph-up hourglass-split
  house-door inbox info-circle journal-text key lightbulb list list-check list-ol lock megaphone mortarboard
  paperclip pencil-square people person person-check person-circle person-gear person-plus plug plus-lg
  printer question-circle search send shield-check signpost-split sliders star table telephone toggles
  translate trash3 unlock upload wifi-off x-circle x-lg
`.trim().split(/\s+/);

const copies = [
  ["htmx.org/dist/htmx.min.js", "htmx/htmx.min.js"],
  ["htmx.org/LICENSE", "htmx/LICENSE"],
  ["@fontsource/be-vietnam-pro/LICENSE", "be-vietnam-pro/LICENSE"],
  ...fonts.map((name) => [`@fontsource/be-vietnam-pro/files/${name}`, `be-vietnam-pro/${name}`]),
  ["bootstrap-icons/LICENSE", "bootstrap-icons/LICENSE"],
  ...icons.map((name) => [`bootstrap-icons/icons/${name}.svg`, `bootstrap-icons/${name}.svg`]),
];

for (const folder of ["htmx", "be-vietnam-pro", "bootstrap-icons"]) {
  rmSync(join(here, folder), { recursive: true, force: true });
  mkdirSync(join(here, folder));
}
for (const [source, target] of copies) copyFileSync(join(modules, source), join(here, target));

// One sprite, so that a page names an icon in 60 bytes and the browser keeps the drawings.
const symbols = readdirSync(join(here, "bootstrap-icons")).filter((name) => name.endsWith(".svg")).sort().map((name) => {
  const drawing = readFileSync(join(here, "bootstrap-icons", name), "utf8");
  const inner = drawing.replace(/^<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "").replace(/\n\s*/g, "");
  return `<symbol id="${name.slice(0, -4)}" viewBox="0 0 16 16">${inner}</symbol>`;
});
const sprite = `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`;
writeFileSync(join(here, "bootstrap-icons/sprite.svg"), sprite);

const sums = [...copies.map(([, target]) => target), "bootstrap-icons/sprite.svg"].sort().map((name) => {
  const digest = createHash("sha256").update(readFileSync(join(here, name))).digest("hex");
  return `${digest}  ${name}`;
});
writeFileSync(join(here, "SHA256SUMS"), `${sums.join("\n")}\n`);

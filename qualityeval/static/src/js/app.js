// Everything here only makes pages nicer: without script every form, link and table works the same.
import { copyButtons } from "./copy.js";
import { dropAreas } from "./drop.js";
import { firstFocus } from "./focus.js";
import { maskPages } from "./masks.js";
import { menuKeys } from "./menu.js";
import { oncePressed } from "./once.js";
import { planner } from "./planner.js";
import { printButtons } from "./print.js";
import { refreshedParts } from "./refresh.js";
import { revealButtons } from "./reveal.js";
import { scrollStops } from "./scroll.js";
import { runningTotals } from "./sheet.js";
import { scoringDesk } from "./desk/desk.js";
import { wipedAtSignOut } from "./desk/queue.js";
import { outcomeKeys } from "./outcomes.js";

for (const start of [firstFocus, copyButtons, revealButtons, printButtons, dropAreas, menuKeys, oncePressed, refreshedParts, scrollStops, scoringDesk, runningTotals, wipedAtSignOut, outcomeKeys, planner, maskPages]) {
  start(document);
}

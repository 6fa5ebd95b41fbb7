// Runs before the first picture, so that a page in the dark does not flash.

import { showTheme } from "./preferences.js";

showTheme();

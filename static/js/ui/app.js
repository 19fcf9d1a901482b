// Everything the rooms share. Each page works without it; it only saves steps.
import "./modules/htmx.js";
import "./modules/error_summary.js";
// Before send_once, which would take the form that waits for the device to be emptied as sent already.
import "./modules/signing_out.js";
import "./modules/send_once.js";
import "./modules/dialog.js";
import "./modules/stay.js";
import "./modules/filters.js";
import "./modules/choice.js";
import "./modules/leaving.js";
import "./modules/palette.js";
import "./modules/picker.js";
import "./modules/selection.js";

// The script of all signed-in areas. Each page works without it.
import "./modules/htmx.js";
import "./modules/error_summary.js";
// Before send_once, which would block the form that is sent again after the device was erased.
import "./modules/signing_out.js";
import "./modules/send_once.js";
import "./modules/dialog.js";
import "./modules/stay.js";
import "./modules/files.js";
import "./modules/filters.js";
import "./modules/choice.js";
import "./modules/leave_warning.js";
import "./modules/palette.js";
import "./modules/menu_counts.js";
import "./modules/picker.js";
import "./modules/selection.js";

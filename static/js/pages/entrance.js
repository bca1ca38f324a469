/** The sign-in page: whoever comes next finds nothing of the crew that was here before. */
import { forgetOthers } from "../others.js";

forgetOthers("");

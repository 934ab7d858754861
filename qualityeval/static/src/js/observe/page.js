// What only the pages of a hearing's record need.
import { smallPhotos } from "./photo.js";
import { observations } from "./record.js";

for (const start of [observations, smallPhotos]) start(document);

// Filled in by build.mjs.
declare const STREAM_WORKER_PATH: string;

declare module "*.css";

// The browser that shows the workbench: the system's Chromium, without a window.
import { chromium } from "playwright-core";
import { findChromium } from "./paths.mjs";

export const VIEWPORT = { width: 1280, height: 800 };

const FLAGS = [
  "--no-sandbox", // containers rarely allow Chromium's own; it opens nothing but 127.0.0.1
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const launchBrowser = () =>
  chromium.launch({ executablePath: findChromium(), headless: true, args: FLAGS });

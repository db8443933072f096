/// Pollux selectors.
package dev.pollux.selectors;

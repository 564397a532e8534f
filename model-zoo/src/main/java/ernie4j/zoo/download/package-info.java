/**
 * Fetches published models: a registry of their official sources, downloads that survive
 * interruptions, conversion, and a place in the cache.
 */
@org.jspecify.annotations.NullMarked
package ernie4j.zoo.download;

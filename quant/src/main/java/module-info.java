/** Observers, quantizers and embedding codebooks: makes int8 models. */
@org.jspecify.annotations.NullMarked
module ernie4j.quant {
  requires static org.jspecify;
  requires transitive ernie4j.engine;

  exports ernie4j.quant;
}

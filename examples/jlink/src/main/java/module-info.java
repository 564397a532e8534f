/** A program that is linked with the part of the JDK that it needs. */
module example {
  requires ernie4j.zoo;
  // So that jlink includes it and the JVM loads it; without it the plain-Java kernels compute.
  requires jdk.incubator.vector;
}

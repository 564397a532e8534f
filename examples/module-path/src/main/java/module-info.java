/** A program with modules. */
module example {
  requires ernie4j.zoo;
  // Instead of --add-modules on the command line; javac and java warn about it.
  requires jdk.incubator.vector;
}

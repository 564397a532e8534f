package ernie4j.zoo.pickle;

/** An object whose content a pickle gives after it has made it. */
public interface Buildable {
  /**
   * Takes over the content.
   *
   * @throws IllegalArgumentException with what is wrong with it
   */
  void build(Object state);
}

package ernie4j.zoo.pickle;

/** An object that a pickle creates first and fills later. */
public interface Buildable {
  /**
   * Receives the content.
   *
   * @throws IllegalArgumentException with what is wrong with it
   */
  void build(Object state);
}

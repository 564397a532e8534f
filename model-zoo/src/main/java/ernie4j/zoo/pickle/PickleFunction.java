package ernie4j.zoo.pickle;

import java.util.List;

/** The replacement of a Python class or function that a pickle calls. */
@FunctionalInterface
public interface PickleFunction {
  /**
   * The result of the call.
   *
   * @throws IllegalArgumentException with what is wrong with the arguments
   */
  Object call(List<Object> arguments);
}

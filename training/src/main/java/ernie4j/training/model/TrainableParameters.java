package ernie4j.training.model;

import ernie4j.engine.ParameterSource;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.Tensor;
import ernie4j.training.autograd.Variable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The parameters of a model as variables, by their Paddle names. They hold their own copies of the
 * values, so the source they came from does not change.
 */
public final class TrainableParameters {
  private final Map<String, Variable> variables = new LinkedHashMap<>();
  private final Map<String, int[]> shapes = new LinkedHashMap<>();

  /** Copies every parameter of a source; vectors {@code [n]} become matrices {@code [1, n]}. */
  public static TrainableParameters of(ParameterSource source) {
    TrainableParameters parameters = new TrainableParameters();
    source.asMap().forEach((name, tensor) -> parameters.put(name, tensor, true));
    return parameters;
  }

  /**
   * Copies every parameter of a source as a constant, which has no gradient: for a teacher, whose
   * passes are not recorded ({@link ernie4j.training.autograd.Tape#unrecorded}).
   */
  public static TrainableParameters frozen(ParameterSource source) {
    TrainableParameters parameters = new TrainableParameters();
    source.asMap().forEach((name, tensor) -> parameters.put(name, tensor, false));
    return parameters;
  }

  /**
   * The variables of several models, shared with them, each under its model's name, a dot and its
   * own name.
   */
  public static TrainableParameters joined(Map<String, TrainableParameters> models) {
    TrainableParameters all = new TrainableParameters();
    models.forEach(
        (model, own) ->
            own.variables.keySet().forEach(name -> all.share(model + "." + name, own, name)));
    return all;
  }

  /**
   * The same variables, shared with this, except for those given, which may have other sizes.
   * Vectors stay vectors.
   *
   * @throws IllegalArgumentException if there is no parameter of a given name
   */
  public TrainableParameters with(Map<String, Variable> replacements) {
    TrainableParameters parameters = new TrainableParameters();
    parameters.variables.putAll(variables);
    parameters.shapes.putAll(shapes);
    replacements.forEach(
        (name, v) -> {
          get(name);
          parameters.variables.put(name, v);
          boolean vector = shape(name).length == 1;
          parameters.shapes.put(
              name, vector ? new int[] {v.columns()} : new int[] {v.rows(), v.columns()});
        });
    return parameters;
  }

  /**
   * Adds a copy of one more parameter, for example one that only a training needs.
   *
   * @throws IllegalArgumentException if it is neither a vector nor a matrix
   */
  public void add(String name, Tensor tensor) {
    put(name, tensor, true);
  }

  /**
   * Adds a parameter of another model, under another name: the variable is shared.
   *
   * @throws IllegalArgumentException if the other has none of that name
   */
  public void share(String name, TrainableParameters other, String otherName) {
    variables.put(name, other.get(otherName));
    shapes.put(name, other.shape(otherName));
  }

  private void put(String name, Tensor tensor, boolean trainable) {
    if (tensor.rank() < 1 || tensor.rank() > 2) {
      throw new IllegalArgumentException(
          "Parameter '%s': expected a vector or a matrix, got %s".formatted(name, tensor));
    }
    int rows = tensor.rank() == 1 ? 1 : tensor.dimension(0);
    int columns = tensor.dimension(tensor.rank() - 1);
    float[] values = tensor.toArray();
    variables.put(
        name,
        trainable
            ? Variable.parameter(rows, columns, values)
            : Variable.constant(rows, columns, values));
    shapes.put(name, tensor.shape());
  }

  /**
   * The variable of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Variable get(String name) {
    Variable variable = variables.get(name);
    if (variable == null) {
      throw new IllegalArgumentException(
          "The model has no trainable parameter '%s' (it has %d)"
              .formatted(name, variables.size()));
    }
    return variable;
  }

  public boolean contains(String name) {
    return variables.containsKey(name);
  }

  /** All variables by name, in the order of the store. */
  public Map<String, Variable> asMap() {
    return Collections.unmodifiableMap(variables);
  }

  /** Sets all gradients to zero. */
  public void clearGradients() {
    variables.values().forEach(Variable::clearGradient);
  }

  /** A store with copies of the present values. */
  public ParameterStore toStore() {
    ParameterStore store = new ParameterStore();
    variables.forEach((name, v) -> store.put(name, Tensor.of(v.value().clone(), shape(name))));
    return store;
  }

  /**
   * The shape of a parameter; a vector has one dimension, although its variable has two.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public int[] shape(String name) {
    get(name);
    return Objects.requireNonNull(shapes.get(name)).clone();
  }
}

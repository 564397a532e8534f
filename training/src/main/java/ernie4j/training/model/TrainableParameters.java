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
 * The parameters of a model as variables, by their Paddle names. They are copies, so training does
 * not change the source that they came from.
 */
public final class TrainableParameters {
  private final Map<String, Variable> variables = new LinkedHashMap<>();
  private final Map<String, int[]> shapes = new LinkedHashMap<>();

  /** No parameters yet. */
  public TrainableParameters() {}

  /**
   * Copies every parameter of a source. Vectors {@code [n]} become matrices {@code [1, n]}.
   *
   * @param source the parameters of a model; not changed
   * @return trainable variables
   */
  public static TrainableParameters of(ParameterSource source) {
    TrainableParameters parameters = new TrainableParameters();
    source.asMap().forEach((name, tensor) -> parameters.put(name, tensor, true));
    return parameters;
  }

  /**
   * Copies every parameter of a source as a constant without gradient, for a teacher whose passes
   * are not recorded ({@link ernie4j.training.autograd.Tape#unrecorded}).
   *
   * @param source the parameters of a model; not changed
   * @return constants
   */
  public static TrainableParameters frozen(ParameterSource source) {
    TrainableParameters parameters = new TrainableParameters();
    source.asMap().forEach((name, tensor) -> parameters.put(name, tensor, false));
    return parameters;
  }

  /**
   * Joins the variables of several models, which it shares with them. Each gets the name of its
   * model, a dot and its own name.
   *
   * @param models the parameters of the models by name
   * @return the variables of all models
   */
  public static TrainableParameters joined(Map<String, TrainableParameters> models) {
    TrainableParameters all = new TrainableParameters();
    models.forEach(
        (model, own) ->
            own.variables.keySet().forEach(name -> all.share(model + "." + name, own, name)));
    return all;
  }

  /**
   * Replaces some variables. The others are shared with this object. Replacements may have other
   * sizes, and vectors stay vectors.
   *
   * @param replacements new variables by the names of the old ones
   * @return the same parameters with the replacements
   * @throws IllegalArgumentException if there is no parameter with one of these names
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
   * Adds a copy of another parameter, for example one that only the training needs.
   *
   * @param name the name of the parameter
   * @param tensor the initial values, a vector or a matrix; not changed
   * @throws IllegalArgumentException if it is neither a vector nor a matrix
   */
  public void add(String name, Tensor tensor) {
    put(name, tensor, true);
  }

  /**
   * Adds a parameter of another model under another name. Both share the variable.
   *
   * @param name the name of the parameter here
   * @param other the parameters of the other model
   * @param otherName the name of the parameter there
   * @throws IllegalArgumentException if the other model has no such parameter
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
   * Finds a variable.
   *
   * @param name the name of the parameter
   * @return the variable, shared
   * @throws IllegalArgumentException if there is no such parameter
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

  /**
   * Whether there is a parameter of this name.
   *
   * @param name the name of the parameter
   * @return true if {@link #get} finds it
   */
  public boolean contains(String name) {
    return variables.containsKey(name);
  }

  /** {@return an unmodifiable view of all variables by name, in the order of the source} */
  public Map<String, Variable> asMap() {
    return Collections.unmodifiableMap(variables);
  }

  /** Sets all gradients to zero. */
  public void clearGradients() {
    variables.values().forEach(Variable::clearGradient);
  }

  /** {@return a store with copies of the current values} */
  public ParameterStore toStore() {
    ParameterStore store = new ParameterStore();
    variables.forEach((name, v) -> store.put(name, Tensor.of(v.value().clone(), shape(name))));
    return store;
  }

  /**
   * Finds the shape of a parameter. A vector has one dimension, although its variable has two.
   *
   * @param name the name of the parameter
   * @return a copy of the dimensions
   * @throws IllegalArgumentException if there is no such parameter
   */
  public int[] shape(String name) {
    get(name);
    return Objects.requireNonNull(shapes.get(name)).clone();
  }
}

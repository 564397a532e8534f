package ernie4j.engine.head;

import ernie4j.engine.ParameterSource;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.encoder.EncoderWorkspace;
import ernie4j.engine.encoder.Linear;
import ernie4j.engine.kernels.Kernels;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The head of a task: one linear layer for each output of its row in {@link Task}. Immutable; may
 * be shared between threads.
 */
public final class Head {
  private final Task task;
  private final @Nullable Pooler pooler;
  private final List<Linear> layers;

  private Head(Task task, @Nullable Pooler pooler, List<Linear> layers) {
    this.task = task;
    this.pooler = pooler;
    this.layers = layers;
  }

  /**
   * Makes the head of a task.
   *
   * @param encoder the encoder whose hidden states the head reads
   * @param task the task, which must have outputs
   * @param parameters the weights of the model, with those of the head
   * @return the head
   * @throws IllegalArgumentException if a parameter is missing, or the task has no outputs ({@link
   *     Task#ENCODER}; {@link Task#MASKED_LM}, see {@link MaskedLanguageModelHead})
   * @throws WrongTaskException if an output does not have as many columns as the task says
   */
  public static Head of(Encoder encoder, Task task, ParameterSource parameters) {
    if (task.outputs().isEmpty()) {
      throw new IllegalArgumentException(String.format("Head: the task %s has no outputs", task));
    }
    Kernels kernels = encoder.kernels();
    List<Linear> layers = new ArrayList<>();
    for (HeadOutput output : task.outputs()) {
      Linear layer = Linear.of(kernels, parameters, encoder.config().hiddenSize(), output.layer());
      if (!output.isLabelled() && layer.out() != output.columns()) {
        throw new WrongTaskException(
            String.format(
                "%s: expected a layer '%s' of %d outputs, the model has %d",
                task, output.layer(), output.columns(), layer.out()));
      }
      layers.add(layer);
    }
    return new Head(task, task.usesPooler() ? Pooler.of(encoder, parameters) : null, layers);
  }

  /** {@return the task that this head is for} */
  public Task task() {
    return task;
  }

  /**
   * Returns the number of logits in a row of an output.
   *
   * @param output index of the output in {@link Task#outputs}
   * @return its columns
   */
  public int columns(int output) {
    return layers.get(output).out();
  }

  /**
   * Computes the logits of every output for the batch of a workspace.
   *
   * @param states a workspace after a forward pass
   * @return for each output a new array {@code [sequences, columns]} or {@code [tokens, columns]},
   *     as its {@link HeadOutput#row} says; row-major
   */
  public List<float[]> logits(EncoderWorkspace states) {
    int hidden = states.hiddenSize();
    float[] pooled = pooler == null ? new float[0] : pooler.pooled(states);
    List<float[]> logits = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      boolean ofTexts = task.outputs().get(i).row().isPooled();
      int rows = ofTexts ? states.batch().sequences() : states.batch().tokens();
      logits.add(layers.get(i).apply(rows, ofTexts ? pooled : states.hidden(), 0, hidden));
    }
    return logits;
  }
}

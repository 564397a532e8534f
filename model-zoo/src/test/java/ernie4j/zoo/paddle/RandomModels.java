package ernie4j.zoo.paddle;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterNames;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.Tensor;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.HeadOptions;
import ernie4j.engine.head.HeadOutput;
import ernie4j.engine.head.Task;
import ernie4j.tokenizer.TokenizerOptions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Models with random weights as large as real ones. */
public final class RandomModels {
  private RandomModels() {}

  static ParameterStore parameters(EncoderConfig config, long seed) {
    Random random = new Random(seed);
    ParameterStore store = new ParameterStore();
    ParameterNames.shapes(config).forEach((name, shape) -> put(store, random, name, shape));
    return store;
  }

  /** A model with heads for intents and slots. */
  static Model joint(EncoderConfig config, int intents, int slots) {
    return of(
        config,
        Task.JOINT_INTENT_SLOTS,
        Map.of(Task.INTENT, names(intents), Task.SLOT, names(slots)));
  }

  /** A model of a task with labels and with every option that the task has. */
  public static Model of(EncoderConfig config, Task task) {
    Map<String, List<String>> labels = new HashMap<>();
    for (HeadOutput output : task.outputs()) {
      if (output.isLabelled()) {
        labels.put(output.labels(), names(4 + labels.size()));
      }
    }
    Map<String, String> options = new HashMap<>();
    for (String option : task.options()) {
      options.put(option, option.equals(HeadOptions.ACTIVATION) ? HeadOptions.SIGMOID : "0.25");
    }
    return of(config, task, labels).withOptions(options);
  }

  private static Model of(EncoderConfig config, Task task, Map<String, List<String>> labels) {
    ParameterStore store = parameters(config, 1);
    Random random = new Random(2);
    task.shapes(config, labels)
        .forEach(
            (name, shape) -> {
              if (!store.contains(name)) {
                put(store, random, name, shape);
              }
            });
    return new Model(
        config,
        task.id(),
        store,
        List.of("[PAD]", "[CLS]", "[SEP]", "[UNK]", "[MASK]", "中", "##a"),
        labels,
        TokenizerOptions.ernie().withAddedTokens(List.of("<x>")).toMap(),
        Map.of());
  }

  static List<String> names(int count) {
    return IntStream.range(0, count).mapToObj(i -> "name" + i).toList();
  }

  static void head(ParameterStore store, Random random, String name, int in, int out) {
    put(store, random, name + ".weight", new int[] {in, out});
    put(store, random, name + ".bias", new int[] {out});
  }

  static void put(ParameterStore store, Random random, String name, int[] shape) {
    Tensor tensor = Tensor.zeros(shape);
    boolean gamma = name.endsWith("norm.weight") || name.matches(".*norm[12].weight");
    SplittableRandom fast = new SplittableRandom(random.nextLong());
    for (int i = 0; i < tensor.size(); i++) {
      tensor.data()[i] = (float) (0.16 * (fast.nextDouble() - 0.5)) + (gamma ? 1 : 0);
    }
    store.put(name, tensor);
  }
}

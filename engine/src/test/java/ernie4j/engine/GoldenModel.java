package ernie4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.file.SafetensorsEntry;
import ernie4j.engine.file.SafetensorsFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Models and batches of the golden folder in the project's own types. */
public final class GoldenModel {
  private GoldenModel() {}

  public static EncoderConfig config(String jsonName) {
    Map<String, Object> json = Golden.json(jsonName);
    boolean taskIds = Boolean.TRUE.equals(json.get("use_task_id"));
    int heads = integer(json, "num_attention_heads");
    return EncoderConfig.builder()
        .vocabularySize(integer(json, "vocab_size"))
        .hiddenSize(integer(json, "hidden_size"))
        .layers(integer(json, "num_hidden_layers"))
        .attentionHeads(heads)
        .headSize(
            json.containsKey("head_dim")
                ? integer(json, "head_dim")
                : integer(json, "hidden_size") / heads)
        .intermediateSize(integer(json, "intermediate_size"))
        .maxPositions(integer(json, "max_position_embeddings"))
        .tokenTypes(integer(json, "type_vocab_size"))
        .taskTypes(taskIds ? integer(json, "task_type_vocab_size") : 0)
        .layerNormEpsilon(number(json, "layer_norm_eps").floatValue())
        .paddingId(integer(json, "pad_token_id"))
        .build();
  }

  private static int integer(Map<String, Object> json, String key) {
    return Math.toIntExact(number(json, key).longValue());
  }

  private static Number number(Map<String, Object> json, String key) {
    return (Number) Objects.requireNonNull(json.get(key), key);
  }

  /** All float32 tensors of the files, later files overriding earlier ones. */
  public static ParameterStore parameters(String... fileNames) throws IOException {
    ParameterStore store = new ParameterStore();
    for (String name : fileNames) {
      SafetensorsFile file = Golden.file(name);
      for (SafetensorsEntry entry : file.entries()) {
        if (entry.type().name().equals("F32")) {
          store.replace(entry.name(), file.tensor(entry.name()));
        }
      }
    }
    return store;
  }

  /** The tensors of a file whose name starts with the prefix, without it. */
  public static void addWithoutPrefix(ParameterStore store, String fileName, String prefix)
      throws IOException {
    SafetensorsFile file = Golden.file(fileName);
    for (SafetensorsEntry entry : file.entries()) {
      if (entry.name().startsWith(prefix) && entry.type().name().equals("F32")) {
        store.replace(entry.name().substring(prefix.length()), file.tensor(entry.name()));
      }
    }
  }

  /** A {@code [rows, columns]} table of integers as one array per row. */
  public static List<int[]> rows(SafetensorsFile file, String name) throws IOException {
    List<Long> shape = file.entry(name).shape();
    int columns = Math.toIntExact(shape.get(shape.size() - 1));
    int[] values = file.ints(name);
    List<int[]> rows = new ArrayList<>();
    for (int from = 0; from < values.length; from += columns) {
      rows.add(Arrays.copyOfRange(values, from, from + columns));
    }
    return rows;
  }

  /** A padded golden batch, taken as it is: pads are tokens that attention does not see. */
  public static RaggedBatch batch(SafetensorsFile file, String prefix) throws IOException {
    RaggedBatch batch = RaggedBatch.of(rows(file, prefix + "input_ids"));
    if (file.contains(prefix + "token_type_ids")) {
      batch = batch.withTypeIds(rows(file, prefix + "token_type_ids"));
    }
    if (file.contains(prefix + "position_ids")) {
      batch = batch.withPositionIds(rows(file, prefix + "position_ids"));
    }
    if (file.contains(prefix + "task_type_ids")) {
      batch = batch.withTaskTypeIds(rows(file, prefix + "task_type_ids"));
    }
    if (file.contains(prefix + "attention_mask")) {
      batch = batch.withAttentionMask(rows(file, prefix + "attention_mask"));
    }
    return batch;
  }

  /**
   * Asserts that the first values of {@code actual} are the expected ones within an absolute limit.
   */
  public static void assertClose(String what, float[] actual, double[] expected, double limit) {
    double worst = 0;
    for (int i = 0; i < expected.length; i++) {
      double difference = Math.abs(actual[i] - expected[i]);
      worst = Math.max(worst, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
    }
    assertThat(worst).as("largest difference of " + what).isLessThanOrEqualTo(limit);
  }

  /** The largest absolute value, to turn a relative limit into an absolute one. */
  public static double largest(double[] values) {
    double largest = 0;
    for (double value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }
}

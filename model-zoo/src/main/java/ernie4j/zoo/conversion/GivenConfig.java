package ernie4j.zoo.conversion;

import com.fasterxml.jackson.databind.JsonNode;
import ernie4j.engine.file.ModelFileException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is known of an encoder besides its tensors.
 *
 * @param file the source of this knowledge, for messages
 * @param sizes whole numbers under their names in {@code config.json}: {@code num_attention_heads},
 *     {@code pad_token_id}, and sizes that are compared with the tensors' shapes, for example
 *     {@code hidden_size}; any of them may be absent
 * @param usesTaskTypes {@code use_task_id}: whether a task type embedding is looked up; if absent,
 *     it is if there is one
 * @param activation {@code hidden_act}; {@code gelu} is the only one that the engine knows
 * @param layerNormEpsilon 1e-12 in Paddle and BERT
 * @param zeroPaddingEmbedding whether looking up the padding id gives a zero vector: true in
 *     Paddle, false in torch
 */
public record GivenConfig(
    String file,
    Map<String, Integer> sizes,
    Optional<Boolean> usesTaskTypes,
    String activation,
    float layerNormEpsilon,
    boolean zeroPaddingEmbedding) {

  /** Keeps an unmodifiable copy of the sizes. */
  public GivenConfig {
    sizes = Map.copyOf(sizes);
  }

  /** Nothing is known: Paddle's defaults. */
  public static GivenConfig paddle() {
    return new GivenConfig("Paddle's defaults", Map.of(), Optional.empty(), "gelu", 1e-12f, true);
  }

  /**
   * Reads a {@code config.json} of PaddleNLP or Hugging Face, or PaddleNLP's older {@code
   * model_config.json}, which has the values of the innermost model in {@code init_args}.
   *
   * @param zeroPaddingEmbedding as in the record; no file says it
   * @throws ModelFileException if a value is not of its kind
   */
  public static GivenConfig of(String file, JsonNode root, boolean zeroPaddingEmbedding)
      throws ModelFileException {
    JsonNode values = innermost(root);
    Map<String, Integer> sizes = new HashMap<>();
    for (Map.Entry<String, JsonNode> entry : values.properties()) {
      if (entry.getValue().isInt()) {
        sizes.put(entry.getKey(), entry.getValue().intValue());
      }
    }
    JsonNode epsilon = values.path("layer_norm_eps");
    JsonNode tasks = values.path("use_task_id");
    if (!(epsilon.isNumber() || epsilon.isMissingNode() || epsilon.isNull())) {
      throw new ModelFileException(file, "layer_norm_eps: expected a number, got " + epsilon);
    }
    return new GivenConfig(
        file,
        sizes,
        tasks.isBoolean() ? Optional.of(tasks.booleanValue()) : Optional.empty(),
        values.path("hidden_act").asText("gelu"),
        epsilon.isNumber() ? epsilon.floatValue() : 1e-12f,
        zeroPaddingEmbedding);
  }

  /** The encoder's values in a head's {@code {"init_args": [{...the encoder's...}], ...}}. */
  private static JsonNode innermost(JsonNode root) {
    JsonNode node = root;
    while (node.path("init_args").isArray() && node.path("init_args").path(0).isObject()) {
      node = node.path("init_args").path(0);
    }
    return node;
  }

  /** The number of tokens of the vocabulary, under a name that no file has. */
  private static final String TOKENS = "(tokens)";

  /** This configuration with the number of tokens of a vocabulary; 0 if there is none. */
  public GivenConfig withTokens(int tokens) {
    Map<String, Integer> more = new HashMap<>(sizes);
    more.put(TOKENS, tokens);
    return new GivenConfig(
        file, more, usesTaskTypes, activation, layerNormEpsilon, zeroPaddingEmbedding);
  }

  /** Whether the vocabulary has as many tokens. */
  boolean hasTokens(int tokens) {
    return sizes.getOrDefault(TOKENS, 0) == tokens;
  }

  /** The number of attention heads if known. */
  public OptionalInt attentionHeads() {
    Integer heads = sizes.get("num_attention_heads");
    return heads == null ? OptionalInt.empty() : OptionalInt.of(heads);
  }

  /** The padding id, 0 if unknown. */
  public int paddingId() {
    return sizes.getOrDefault("pad_token_id", 0);
  }
}

package ernie4j.engine.file;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import ernie4j.engine.EncoderConfig;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** {@link EncoderConfig} as JSON, with the key names of Paddle's and Hugging Face's config.json. */
final class ConfigJson {
  private ConfigJson() {}

  static void write(JsonGenerator generator, EncoderConfig config) throws IOException {
    generator.writeStartObject();
    generator.writeNumberField("vocab_size", config.vocabularySize());
    generator.writeNumberField("hidden_size", config.hiddenSize());
    generator.writeNumberField("num_hidden_layers", config.layers());
    generator.writeNumberField("num_attention_heads", config.attentionHeads());
    generator.writeNumberField("head_dim", config.headSize());
    generator.writeNumberField("intermediate_size", config.intermediateSize());
    generator.writeNumberField("max_position_embeddings", config.maxPositions());
    generator.writeNumberField("type_vocab_size", config.tokenTypes());
    generator.writeNumberField("task_type_vocab_size", config.taskTypes());
    generator.writeNumberField("layer_norm_eps", config.layerNormEpsilon());
    generator.writeNumberField("pad_token_id", config.paddingId());
    generator.writeBooleanField("zero_padding_embedding", config.zeroPaddingEmbedding());
    generator.writeEndObject();
  }

  /**
   * Reads what {@link #write} wrote: all keys must be there and no others.
   *
   * @throws IllegalArgumentException if a value is missing, superfluous, of the wrong kind, or if
   *     the values do not make a configuration
   */
  static EncoderConfig read(JsonParser parser) throws IOException {
    Map<String, String> values = new TreeMap<>(MetadataJson.readMap(parser, ConfigJson::scalar));
    EncoderConfig config =
        EncoderConfig.builder()
            .vocabularySize(size(values, "vocab_size"))
            .hiddenSize(size(values, "hidden_size"))
            .layers(size(values, "num_hidden_layers"))
            .attentionHeads(size(values, "num_attention_heads"))
            .headSize(size(values, "head_dim"))
            .intermediateSize(size(values, "intermediate_size"))
            .maxPositions(size(values, "max_position_embeddings"))
            .tokenTypes(size(values, "type_vocab_size"))
            .taskTypes(size(values, "task_type_vocab_size"))
            .layerNormEpsilon(Float.parseFloat(take(values, "layer_norm_eps")))
            .paddingId(size(values, "pad_token_id"))
            .zeroPaddingEmbedding(truth(values, "zero_padding_embedding"))
            .build();
    if (!values.isEmpty()) {
      throw new IllegalArgumentException("unknown keys " + values.keySet());
    }
    return config;
  }

  private static String scalar(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (!token.isNumeric() && !token.isBoolean()) {
      throw new JsonParseException(parser, "expected a number, true or false, got " + token);
    }
    return parser.getText();
  }

  private static String take(Map<String, String> values, String key) {
    String value = values.remove(key);
    if (value == null) {
      throw new IllegalArgumentException(key + " is missing");
    }
    return value;
  }

  private static int size(Map<String, String> values, String key) {
    String value = take(values, key);
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(key + " must be a whole number, got " + value, e);
    }
  }

  private static boolean truth(Map<String, String> values, String key) {
    String value = take(values, key);
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(key + " must be true or false, got " + value);
    };
  }
}

package ernie4j.zoo.download;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.engine.EncoderConfig;
import ernie4j.engine.file.AtomicFile;
import ernie4j.zoo.Architectures;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Completes weights and vocabulary of PaddleNLP to the folder that its {@code from_pretrained}
 * keeps: the published downloads have no configuration, PaddleNLP knows it by name.
 */
final class PaddleFolder {
  private PaddleFolder() {}

  /** Writes {@code config.json} and {@code tokenizer_config.json}. */
  static void complete(Path folder, KnownModel model) throws IOException {
    ObjectMapper json = new ObjectMapper();
    EncoderConfig shape = Architectures.of(model.architecture().orElse(model.name()));
    ObjectNode config = json.createObjectNode();
    config.put("model_type", "ernie");
    config.putArray("architectures").add("ErnieModel");
    config.put("vocab_size", shape.vocabularySize());
    config.put("hidden_size", shape.hiddenSize());
    config.put("num_hidden_layers", shape.layers());
    config.put("num_attention_heads", shape.attentionHeads());
    config.put("intermediate_size", shape.intermediateSize());
    config.put("max_position_embeddings", shape.maxPositions());
    config.put("type_vocab_size", shape.tokenTypes());
    config.put("use_task_id", shape.taskTypes() > 0);
    if (shape.taskTypes() > 0) {
      config.put("task_type_vocab_size", shape.taskTypes());
    }
    config.put("hidden_act", "gelu");
    config.put("layer_norm_eps", 1e-12);
    config.put("pad_token_id", shape.paddingId());
    AtomicFile.writeText(folder.resolve("config.json"), config.toPrettyString());
    ObjectNode tokenizer = json.createObjectNode();
    tokenizer.put("do_lower_case", true);
    tokenizer.put("tokenizer_class", "ErnieTokenizer");
    AtomicFile.writeText(folder.resolve("tokenizer_config.json"), tokenizer.toPrettyString());
  }
}

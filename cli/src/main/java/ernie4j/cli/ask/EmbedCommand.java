package ernie4j.cli.ask;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.cli.option.ModelPath;
import ernie4j.cli.report.Json;
import ernie4j.engine.head.SentenceEmbedding;
import ernie4j.pipeline.SentenceEmbedder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "embed",
    description = "Turn texts into vectors, one vector a line.",
    mixinStandardHelpOptions = true)
public final class EmbedCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      converter = ModelPath.class,
      required = true,
      description = "Any model: a file, or the name of a pulled one.")
  Path model;

  @Option(
      names = "--pooling",
      description =
          "${COMPLETION-CANDIDATES}: the first token, the mean of all tokens, or their greatest"
              + " values (default: the model's, or cls).")
  @Nullable SentenceEmbedding pooling;

  /** The role of a text for models that read queries and passages differently. */
  enum Kind {
    QUERY,
    PASSAGE
  }

  @Option(
      names = "--as",
      paramLabel = "KIND",
      description =
          "query or passage: use the model's prefix for queries or for passages (default: its prefix"
              + " for all texts).")
  @Nullable Kind kind;

  @Mixin LongTextFlags longText;

  @Mixin Texts texts;

  @Override
  public Integer call() throws IOException {
    texts.requireOneSource();
    SentenceEmbedder embedder = embedder();
    spec.commandLine().getErr().println("vectors: " + embedder.description());
    PrintWriter out = spec.commandLine().getOut();
    return texts.forEach(
        text -> {
          float[] vector = embedder.embed(text);
          out.println(texts.json ? toJson(text, vector).toString() : line(vector));
        });
  }

  private SentenceEmbedder embedder() throws IOException {
    SentenceEmbedder embedder = SentenceEmbedder.load(model);
    if (pooling != null) {
      embedder = embedder.withPooling(pooling);
    }
    if (kind != null) {
      embedder = kind == Kind.QUERY ? embedder.forQueries() : embedder.forPassages();
    }
    if (longText.maxLength != null) {
      embedder = embedder.withMaxLength(longText.maxLength);
    }
    return embedder.withLongText(longText.longText);
  }

  private static String line(float[] vector) {
    StringBuilder line = new StringBuilder();
    for (float value : vector) {
      line.append(line.isEmpty() ? "" : " ").append(value);
    }
    return line.toString();
  }

  private static ObjectNode toJson(String text, float[] vector) {
    ObjectNode object = Json.object();
    object.put("text", text);
    ArrayNode values = object.putArray("embedding");
    for (float value : vector) {
      values.add(value);
    }
    return object;
  }
}

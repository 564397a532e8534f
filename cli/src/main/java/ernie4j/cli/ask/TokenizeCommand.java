package ernie4j.cli.ask;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.cli.option.ModelPath;
import ernie4j.cli.report.Json;
import ernie4j.engine.file.ModelFile;
import ernie4j.pipeline.Tokenizers;
import ernie4j.tokenizer.Encoding;
import ernie4j.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "tokenize",
    description = "Show the tokens of texts with their ids and positions.",
    mixinStandardHelpOptions = true)
public final class TokenizeCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      converter = ModelPath.class,
      required = true,
      description = "Any model: a file, or the name of a pulled one.")
  Path model;

  @Option(
      names = "--special-tokens",
      description =
          "Read a literal [SEP], [CLS], [MASK], [PAD] or [UNK] in a text as the special token (default: as plain characters).")
  boolean specialTokens;

  @Mixin Texts texts;

  @Override
  public Integer call() throws IOException {
    texts.requireOneSource();
    Tokenizer tokenizer =
        ModelFile.load(
            model, m -> Tokenizers.of(specialTokens ? Tokenizers.withSpecialTokens(m) : m));
    PrintWriter out = spec.commandLine().getOut();
    return texts.forEach(
        text -> {
          Encoding encoding = tokenizer.encode(text);
          if (texts.json) {
            out.println(toJson(text, encoding));
          } else {
            List<String> tokens = encoding.tokens();
            for (int t = 0; t < tokens.size(); t++) {
              out.printf(
                  "%6d  [%d,%d)  %s%n",
                  encoding.id(t), encoding.start(t), encoding.end(t), tokens.get(t));
            }
          }
        });
  }

  private static ObjectNode toJson(String text, Encoding encoding) {
    ObjectNode object = Json.object();
    object.put("text", text);
    ArrayNode ids = object.putArray("ids");
    ArrayNode tokens = object.putArray("tokens");
    ArrayNode offsets = object.putArray("offsets");
    List<String> names = encoding.tokens();
    for (int t = 0; t < names.size(); t++) {
      ids.add(encoding.id(t));
      tokens.add(names.get(t));
      offsets.addArray().add(encoding.start(t)).add(encoding.end(t));
    }
    return object;
  }
}

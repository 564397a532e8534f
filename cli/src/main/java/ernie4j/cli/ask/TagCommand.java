package ernie4j.cli.ask;

import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.cli.option.ModelPath;
import ernie4j.cli.option.Range;
import ernie4j.cli.report.Json;
import ernie4j.pipeline.Span;
import ernie4j.pipeline.TokenTagger;
import ernie4j.pipeline.json.ResultJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "tag",
    description = "Find labelled spans in each text, for example names.",
    mixinStandardHelpOptions = true)
public final class TagCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      required = true,
      converter = ModelPath.class,
      description = "A token classification model: a file, or the name of a pulled one.")
  Path model;

  @Mixin LongTextFlags flags;

  @Option(
      names = "--stride",
      converter = Range.Count.class,
      paramLabel = "TOKENS",
      description = "Tokens from the start of one window to the next (default: half a window).")
  @Nullable Integer stride;

  @Mixin Texts texts;

  @Override
  public Integer call() throws IOException {
    texts.requireOneSource();
    TokenTagger tagger = tagger();
    PrintWriter out = spec.commandLine().getOut();
    return texts.forEach(
        text -> {
          TokenTagger.Result result = tagger.tag(text);
          if (texts.json) {
            out.println(toJson(result));
          } else {
            out.println(text);
            for (Span e : result.entities()) {
              out.printf(
                  Locale.ROOT,
                  "  %s  %s  [%d,%d]  (%.4f)%n",
                  e.type(),
                  e.text(),
                  e.start(),
                  e.end() - 1,
                  e.probability());
            }
          }
          texts.warnIfCut(result.truncated());
        });
  }

  private TokenTagger tagger() throws IOException {
    TokenTagger tagger = TokenTagger.load(model).withLongText(flags.longText);
    tagger = flags.maxLength == null ? tagger : tagger.withMaxLength(flags.maxLength);
    return stride == null ? tagger : tagger.withStride(stride);
  }

  private static ObjectNode toJson(TokenTagger.Result result) {
    ObjectNode object = Json.texts(result.text(), null);
    ResultJson.add(object, result);
    return object;
  }
}

package ernie4j.training.damage;

import ernie4j.engine.Parallel;
import ernie4j.engine.Weight;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.pipeline.Tokenizers;
import ernie4j.tokenizer.Tokenizer;
import ernie4j.training.Trainer;
import ernie4j.training.TrainingOptions;
import ernie4j.training.data.ChoiceFiles;
import ernie4j.training.data.JointFile;
import ernie4j.training.data.Labels;
import ernie4j.training.data.MultiLabelFiles;
import ernie4j.training.data.QuestionFiles;
import ernie4j.training.data.ScoredFiles;
import ernie4j.training.data.TagFiles;
import ernie4j.training.data.TextFiles;
import ernie4j.training.distillation.TextCorpus;
import ernie4j.training.task.ClassificationObjective;
import ernie4j.training.task.FineTuning;
import ernie4j.training.task.TaskSetup;
import ernie4j.zoo.ModelExport;
import ernie4j.zoo.ModelImport;
import ernie4j.zoo.cache.ModelCache;
import ernie4j.zoo.paddle.PaddleFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Every format that is read, by name, with a small good file of each. */
final class SeedFormats {
  private static final String HUGGING_FACE = "huggingface";

  private SeedFormats() {}

  /** Reads the damaged file and the files next to it. */
  interface Reader {
    void read(Path folder) throws IOException;
  }

  interface Writer {
    void write(Path folder) throws IOException;
  }

  /**
   * A format.
   *
   * @param file the one to damage; if it contains its own hash, no changed copy may be read
   */
  record Format(String name, String file, Writer writer, Reader reader) {
    boolean hashed() {
      return file.equals("model.ernie") || file.equals(Trainer.CHECKPOINT);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static List<Format> all() {
    List<Format> all = new java.util.ArrayList<>();
    all.add(modelFile("ernie", SeedModels.model()));
    all.add(modelFile("ernie-int8", SeedModels.int8()));
    for (String file :
        List.of(
            "model.safetensors",
            "config.json",
            "vocab.txt",
            "tokenizer.json",
            "tokenizer_config.json")) {
      all.add(
          new Format(
              HUGGING_FACE + " " + file,
              file,
              folder -> {
                export(folder, ModelExport.Format.HUGGINGFACE);
                if (file.equals("tokenizer.json")) {
                  Files.delete(folder.resolve("vocab.txt"));
                  Files.writeString(folder.resolve(file), SeedModels.tokenizerJson());
                }
              },
              SeedFormats::imported));
    }
    all.add(sharded());
    all.add(sentence("modules.json"));
    all.add(sentence("1_Pooling/config.json"));
    all.add(torch("pytorch_model.bin"));
    all.add(torch("data.pkl"));
    all.add(paddle("model_state.pdparams"));
    all.add(
        new Format(
            "numpy of protocol 2",
            "model_state.pdparams",
            folder -> {
              export(folder, ModelExport.Format.PADDLENLP);
              Path file = folder.resolve("model_state.pdparams");
              Map<String, List<Long>> shapes = new LinkedHashMap<>();
              PaddleFolder.listParameters(file).forEach(t -> shapes.put(t.name(), t.shape()));
              SeedModels.numpy(shapes, file);
            },
            SeedFormats::imported));
    for (String file : List.of("model.pdmodel", "model.pdiparams", "model.pdiparams.info")) {
      all.add(
          new Format(
              "paddle " + file,
              file,
              folder -> export(folder, ModelExport.Format.PADDLE_INFERENCE),
              SeedFormats::imported));
    }
    all.add(onnx("onnx", SeedModels.model()));
    all.add(onnx("onnx-int8", SeedModels.int8()));
    all.add(archive());
    all.addAll(data());
    all.add(checkpoint());
    all.add(
        new Format(
            "cache index.json",
            "index.json",
            folder -> ModelCache.at(folder).add(List.of("a"), SeedModels.model(), Map.of("u", "h")),
            folder -> ModelCache.at(folder).entry("a")));
    return all;
  }

  private static Format modelFile(String name, Model model) {
    return new Format(
        name,
        "model.ernie",
        folder -> ModelFile.write(folder.resolve("model.ernie"), model),
        folder -> use(ModelFile.read(folder.resolve("model.ernie"))));
  }

  private static void export(Path folder, ModelExport.Format format) throws IOException {
    ModelExport.write(SeedModels.model(), format, folder);
  }

  private static void imported(Path folder) throws IOException {
    use(ModelImport.read(folder).model());
    ModelImport.list(folder);
  }

  /** Checks that a model that could be read can also be used. */
  private static void use(Model model) {
    Encoder.of(model.config(), model.parameters());
    model.parameters().weights().values().forEach(Weight::inMemory);
    Tokenizer tokenizer;
    try {
      tokenizer = Tokenizers.of(model);
    } catch (IllegalArgumentException e) {
      return; // documented: a model without a usable vocabulary still accepts token ids
    }
    tokenizer.encode("天地x");
  }

  private static Format sharded() {
    return new Format(
        "safetensors index",
        "model.safetensors.index.json",
        folder -> {
          export(folder, ModelExport.Format.HUGGINGFACE);
          StringBuilder map = new StringBuilder("{\"weight_map\": {");
          ModelImport.list(folder)
              .forEach(t -> map.append("\"%s\": \"a.safetensors\", ".formatted(t.name())));
          map.setLength(map.length() - 2);
          Files.move(folder.resolve("model.safetensors"), folder.resolve("a.safetensors"));
          Files.writeString(folder.resolve("model.safetensors.index.json"), map.append("}}"));
        },
        SeedFormats::imported);
  }

  private static Format sentence(String file) {
    return new Format(
        "sentence-transformers " + file,
        file,
        folder -> {
          export(folder, ModelExport.Format.HUGGINGFACE);
          Files.writeString(
              folder.resolve("modules.json"),
              "[{\"idx\": 0, \"name\": \"0\", \"path\": \"\", \"type\":"
                  + " \"sentence_transformers.models.Transformer\"}, {\"idx\": 1, \"name\": \"1\","
                  + " \"path\": \"1_Pooling\", \"type\": \"sentence_transformers.models.Pooling\"},"
                  + " {\"idx\": 2, \"name\": \"2\", \"path\": \"2_Normalize\", \"type\":"
                  + " \"sentence_transformers.models.Normalize\"}]");
          Files.createDirectories(folder.resolve("1_Pooling"));
          Files.writeString(
              folder.resolve("1_Pooling/config.json"),
              "{\"word_embedding_dimension\": 12, \"pooling_mode_cls_token\": false,"
                  + " \"pooling_mode_mean_tokens\": true}");
        },
        SeedFormats::imported);
  }

  /** The zip file is damaged, or the pickle in a good zip file. */
  private static Format torch(String file) {
    return new Format(
        "torch " + file,
        file,
        folder -> {
          export(folder, ModelExport.Format.HUGGINGFACE);
          Path safetensors = folder.resolve("model.safetensors");
          SeedModels.torch(safetensors, folder.resolve("data.pkl"));
          SeedModels.torchZip(
              safetensors, folder.resolve("data.pkl"), folder.resolve("pytorch_model.bin"));
          Files.move(safetensors, folder.resolve("numbers"));
        },
        folder -> {
          if (file.equals("data.pkl")) {
            SeedModels.torchZip(
                folder.resolve("numbers"),
                folder.resolve("data.pkl"),
                folder.resolve("pytorch_model.bin"));
          }
          use(ModelImport.read(folder.resolve("pytorch_model.bin")).model());
        });
  }

  private static Format paddle(String file) {
    return new Format(
        "paddlenlp " + file,
        file,
        folder -> export(folder, ModelExport.Format.PADDLENLP),
        SeedFormats::imported);
  }

  private static Format onnx(String name, Model model) {
    return new Format(
        name,
        "model.onnx",
        folder -> ModelExport.write(model, ModelExport.Format.ONNX, folder),
        SeedFormats::imported);
  }

  private static Format archive() {
    return new Format(
        "archive",
        "model.zip",
        folder -> {
          Path onnx = folder.resolve("onnx");
          export(onnx, ModelExport.Format.ONNX);
          try (ZipOutputStream zip =
              new ZipOutputStream(Files.newOutputStream(folder.resolve("model.zip")))) {
            zip.putNextEntry(new ZipEntry("model.onnx"));
            zip.write(Files.readAllBytes(onnx.resolve("model.onnx")));
            zip.putNextEntry(new ZipEntry("tokenizer.json"));
            zip.write(SeedModels.tokenizerJson().getBytes(StandardCharsets.UTF_8));
          }
        },
        folder -> use(ModelImport.read(folder.resolve("model.zip")).model()));
  }

  private static Format text(String name, String file, String content, Reader reader) {
    return new Format(
        name,
        file,
        folder -> Files.write(folder.resolve(file), content.getBytes(StandardCharsets.UTF_8)),
        reader);
  }

  private static List<Format> data() {
    return List.of(
        text(
            "texts tsv",
            "d.tsv",
            "text\tlabel\n天地玄黄\tyes\n宇宙洪荒\tno\n".repeat(1) + "日月盈昃\tyes\n".repeat(20),
            f -> TextFiles.read(f.resolve("d.tsv"), null)),
        text(
            "texts csv",
            "d.csv",
            "text_a,text_b,label\n\"天,地\",玄黄,yes\n宇宙,\"洪\"\"荒\",no\n"
                + "\"日\n月\",盈昃,yes\n".repeat(9),
            f -> TextFiles.read(f.resolve("d.csv"), null)),
        text(
            "texts jsonl",
            "d.jsonl",
            "{\"text\": \"天地\", \"text_pair\": \"玄黄\", \"label\": \"yes\"}\n".repeat(10),
            f -> TextFiles.read(f.resolve("d.jsonl"), null)),
        text(
            "multi-label jsonl",
            "d.jsonl",
            "{\"text\": \"天地\", \"labels\": [\"a\", \"b\"]}\n".repeat(10),
            f -> MultiLabelFiles.read(f.resolve("d.jsonl"), null)),
        text(
            "scores tsv",
            "d.tsv",
            "sentence1\tsentence2\tscore\n" + "天地\t玄黄\t0.5\n".repeat(10),
            f -> ScoredFiles.read(f.resolve("d.tsv"), null)),
        text(
            "tags bio",
            "d.txt",
            "天 B-A\n地 I-A\n玄 O\n\n黄 O\n宇 B-B\n\n".repeat(10),
            f -> TagFiles.read(f.resolve("d.txt"))),
        text(
            "tags json",
            "d.json",
            "[{\"text\": \"天地玄黄\", \"label\": [[0, 2, \"A\"]]}, {\"text\": \"宇宙\", \"label\": []}]",
            f -> TagFiles.read(f.resolve("d.json"))),
        text(
            "tags cluener",
            "d.jsonl",
            "{\"text\": \"天地玄黄\", \"label\": {\"A\": {\"天地\": [[0, 1]]}}}\n".repeat(8),
            f -> TagFiles.read(f.resolve("d.jsonl"))),
        text(
            "questions squad",
            "d.json",
            "{\"data\": [{\"paragraphs\": [{\"context\": \"天地玄黄\", \"qas\": [{\"id\": \"1\","
                + " \"question\": \"谁\", \"answers\": [{\"text\": \"玄\", \"answer_start\":"
                + " 2}]}]}]}]}",
            f -> QuestionFiles.read(f.resolve("d.json"))),
        text(
            "questions jsonl",
            "d.jsonl",
            "{\"id\": 1, \"question\": \"谁\", \"context\": \"天地玄黄\", \"answers\": {\"text\": [\"玄\"], \"answer_start\": [2]}}\n"
                .repeat(5),
            f -> QuestionFiles.read(f.resolve("d.jsonl"))),
        text(
            "choices c3",
            "d.json",
            "[[[\"天地\", \"玄黄\"], [{\"question\": \"谁\", \"choice\": [\"天\", \"地\"], \"answer\":"
                + " \"天\"}], \"1\"]]",
            f -> ChoiceFiles.read(f.resolve("d.json"), null)),
        text(
            "choices chid",
            "d.jsonl",
            "{\"content\": \"天#idiom1#地\", \"candidates\": [\"玄黄\", \"洪荒\"], \"answer\": 1}\n"
                .repeat(4),
            f -> ChoiceFiles.read(f.resolve("d.jsonl"), null)),
        text(
            "utterances",
            "d.txt",
            "1\t放天地\tplay\t放<song>天地</song>\n2\t去玄黄\tgo\t去<place>玄黄</place>\n".repeat(6),
            f -> JointFile.read(f.resolve("d.txt"))),
        text("labels", "d.txt", "a\nb\nc\n", f -> Labels.read(f.resolve("d.txt"))),
        text(
            "plain texts",
            "d.txt",
            "天地玄黄\n宇宙洪荒\n\n日月盈昃\n".repeat(10),
            f -> {
              try (TextCorpus texts = TextCorpus.open(List.of(f.resolve("d.txt")))) {
                texts.texts().forEach(text -> {});
              }
            }));
  }

  private static Format checkpoint() {
    return new Format(
        "checkpoint",
        Trainer.CHECKPOINT,
        folder -> {
          Files.writeString(
              folder.resolve("data.tsv"), "text\tlabel\n" + "天地玄黄\tyes\n宇宙洪荒\tno\n".repeat(20));
          trainer(folder).run();
        },
        folder -> trainer(folder).resume());
  }

  private static Trainer trainer(Path folder) throws IOException {
    TaskSetup setup =
        TaskSetup.of(SeedModels.model(), Tokenizers.of(SeedModels.model()), 8, Parallel.serial());
    TrainingOptions options = TrainingOptions.builder().epochs(1).batchSize(16).build();
    return setup.trainer(
        new FineTuning(setup, ClassificationObjective.of(setup, folder.resolve("data.tsv"), 0.2)),
        options,
        folder);
  }
}

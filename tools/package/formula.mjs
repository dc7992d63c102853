/** The Homebrew formula for an archive made by `npm run package`. The version comes from the archive's name. */
export function buildFormula({ url, sha256 }) {
  return `# Written by npm run package.
class Hearth < Formula
  desc "Speech to text that is always warm, on your Mac alone"
${homepageLine(url)}  url ${ruby(url)}
  sha256 ${ruby(sha256)}
  license "MIT"

  depends_on arch: :arm64
  depends_on macos: :sonoma

  # libmlx.dylib has no room for a longer name of its own, and is found by the addon's run path.
  preserve_rpath
  skip_clean "libexec"

  def install
    libexec.install Dir["*"]
    bin.install_symlink libexec/"hearth"
    generate_completions_from_executable(bin/"hearth", "completion")
  end

  def caveats
    <<~TEXT
      To run Hearth at every login:
        hearth install
      After an upgrade, to run the new version:
        hearth restart
      Before \`brew uninstall hearth\`:
        hearth uninstall
    TEXT
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/hearth --version")
  end
end
`;
}

/** The URL of the archive without its file name; nothing for one on this machine. */
function homepageLine(url) {
  return url.startsWith('file:') ? '' : `  homepage ${ruby(url.replace(/\/releases\/.*|\/[^/]*$/, ''))}\n`;
}

function ruby(text) {
  return `"${text.replace(/["\\#]/g, '\\$&')}"`;
}

# 这里能做的事。`just` 不带参数，列出全部。

# 列出可做的事
default:
    @just --list --unsorted

# 运行平台，参数照样传给程序：just run --help
run *args:
    cargo run -p server -- {{args}}

# 全部试验；好不好由它说了算
test *args:
    cargo test --workspace {{args}}

# 按家规检查源码
tidy:
    cargo run -q -p xtask -- tidy

# 重新写出生成的文档和样例数据
generate:
    cargo run -q -p xtask -- generate
    cargo run -q -p xtask -- sample

# 提交之前：家规、静态检查、试验
ci: tidy
    cargo clippy --workspace --all-targets -- -D warnings
    cargo test --workspace
